import { type CommonQueryMethods, sql } from "slonik";
import { z } from "zod";
import { binaryArray } from "../../../db/array-literal.ts";
import { type RecordedOutcome, recordedOutcome } from "./recorded-outcome.ts";

const claim = z.union([
  recordedOutcome.extend({ is_claimed: z.boolean() }),
  z.object({ is_claimed: z.boolean(), fingerprint: z.null() }),
]);

export type Claim =
  /** Another request with this key is still running. */
  | { readonly kind: "running" }
  | { readonly kind: "free" }
  /** Something was stored with this key before. */
  | { readonly kind: "used"; readonly outcome: RecordedOutcome };

/** Claims the keys until the transaction ends; one claim for each of them, in their order. */
export async function claimIdempotencyKeys(
  transaction: CommonQueryMethods,
  keyHashes: readonly Buffer[],
): Promise<readonly Claim[]> {
  const claims = await transaction.many(sql.type(claim)`
    select
      c.is_claimed,
      c.fingerprint,
      c.channel,
      c.is_created,
      c.inserted_rows,
      c.available_rows,
      floor(extract(epoch from c.requested_at) * 1000) as requested_at,
      c.provided_rows,
      c.rejected_rows,
      c.faults,
      c.schema_version
    from kronicle.claim_keys(${binaryArray(keyHashes)}::bytea[]) c
    order by c.place
  `);
  return claims.map((row): Claim => {
    if (!row.is_claimed) return { kind: "running" };
    return row.fingerprint === null ? { kind: "free" } : { kind: "used", outcome: row };
  });
}
