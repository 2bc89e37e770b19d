import type { JWK } from "jose";
import { type DatabasePool, sql } from "slonik";
import { z } from "zod";

const nothing = z.object({});

type NewSigningKey = { readonly kid: string; readonly privateJwk: JWK; readonly publicJwk: JWK };

/** Does nothing when there is a younger key already: another server was quicker. Keys that no living token knows are dropped. */
export async function insertSigningKey(
  pool: DatabasePool,
  { kid, privateJwk, publicJwk }: NewSigningKey,
  unlessYoungerThanMs: number,
): Promise<void> {
  await pool.transaction(async (transaction) => {
    await transaction.query(sql.type(nothing)`select pg_advisory_xact_lock(hashtextextended('kronicle.signing_key', 0))`);
    await transaction.query(sql.type(nothing)`
      insert into kronicle.signing_key (kid, private_jwk, public_jwk, created_at)
      select ${kid}, ${JSON.stringify(privateJwk)}::jsonb, ${JSON.stringify(publicJwk)}::jsonb, clock_timestamp()
      where not exists (
        select
        from kronicle.signing_key k
        where k.created_at > clock_timestamp() - make_interval(secs => ${unlessYoungerThanMs / 1_000}::double precision)
      )
    `);
    await transaction.query(sql.type(nothing)`
      delete from kronicle.signing_key k
      where exists (
        select
        from kronicle.signing_key newer
        where newer.created_at > k.created_at and newer.created_at < now() - interval '1 day'
      )
    `);
  });
}
