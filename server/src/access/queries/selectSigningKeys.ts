import { type CommonQueryMethods, sql } from "slonik";
import { z } from "zod";

const jwk = z.looseObject({ kty: z.literal("OKP"), crv: z.literal("Ed25519"), x: z.string() });

const storedSigningKey = z.object({
  kid: z.string(),
  private_jwk: jwk.extend({ d: z.string() }),
  public_jwk: jwk,
  /** By the clock of the database, which all servers share. */
  age_ms: z.coerce.number(),
});

export type StoredSigningKey = z.infer<typeof storedSigningKey>;

/** Oldest first. */
export function selectSigningKeys(connection: CommonQueryMethods): Promise<readonly StoredSigningKey[]> {
  return connection.any(sql.type(storedSigningKey)`
    select k.kid, k.private_jwk, k.public_jwk, extract(epoch from now() - k.created_at) * 1000 as age_ms
    from kronicle.signing_key k
    order by k.created_at, k.kid
  `);
}
