import { type CommonQueryMethods, sql } from "slonik";
import { type Outcome, outcome } from "./outcome.ts";

/** Null when nothing was stored with the key, or it is forgotten. */
export function selectOutcome(connection: CommonQueryMethods, keyHash: Buffer): Promise<Outcome | null> {
  return connection.maybeOne(sql.type(outcome)`
    select
      i.fingerprint,
      i.channel,
      i.is_created,
      i.inserted_rows,
      i.available_rows,
      floor(extract(epoch from i.requested_at) * 1000) as requested_at
    from kronicle.idempotency i
    where i.key_hash = ${sql.binary(keyHash)}
  `);
}
