import { type CommonQueryMethods, sql } from "slonik";
import { z } from "zod";
import { binaryArray, plainArray } from "../array-literal.ts";
import type { Outcome } from "./outcome.ts";

export type NewOutcome = Outcome & { readonly keyHash: Buffer };

export async function insertOutcomes(transaction: CommonQueryMethods, outcomes: readonly NewOutcome[]): Promise<void> {
  await transaction.query(sql.type(z.object({}))`
    insert into kronicle.idempotency (key_hash, fingerprint, channel, is_created, inserted_rows, available_rows, requested_at)
    select o.key_hash, o.fingerprint, o.channel, o.is_created, o.inserted_rows, o.available_rows, to_timestamp(o.requested_at::numeric / 1000)
    from unnest(
      ${binaryArray(outcomes.map(({ keyHash }) => keyHash))}::bytea[],
      ${binaryArray(outcomes.map(({ fingerprint }) => fingerprint))}::bytea[],
      ${plainArray(outcomes.map(({ channel }) => channel))}::integer[],
      ${plainArray(outcomes.map(({ is_created }) => is_created))}::boolean[],
      ${plainArray(outcomes.map(({ inserted_rows }) => inserted_rows))}::integer[],
      ${plainArray(outcomes.map(({ available_rows }) => available_rows))}::bigint[],
      ${plainArray(outcomes.map(({ requested_at }) => requested_at))}::bigint[]
    ) as o (key_hash, fingerprint, channel, is_created, inserted_rows, available_rows, requested_at)
  `);
}
