import { type CommonQueryMethods, sql } from "slonik";
import { z } from "zod";
import type { NewRecordedOutcome } from "./recorded-outcome.ts";

export async function insertRecordedOutcome(transaction: CommonQueryMethods, outcome: NewRecordedOutcome): Promise<void> {
  await transaction.query(sql.type(z.object({}))`
    insert into kronicle.idempotency (
      key_hash, fingerprint, channel, is_created, inserted_rows, available_rows, requested_at,
      provided_rows, rejected_rows, faults, schema_version
    )
    values (
      ${sql.binary(outcome.keyHash)},
      ${sql.binary(outcome.fingerprint)},
      ${outcome.channel},
      ${outcome.is_created},
      ${outcome.inserted_rows},
      ${outcome.available_rows},
      to_timestamp(${outcome.requested_at}::numeric / 1000),
      ${outcome.provided_rows}::integer,
      ${outcome.rejected_rows}::integer,
      ${outcome.faults && JSON.stringify(outcome.faults)}::jsonb,
      ${outcome.schema_version}::integer
    )
  `);
}
