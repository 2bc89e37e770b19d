/** In charge of the answer to an append. */
import { JsonText } from "../../contract/json-text.ts";
import { batchJson } from "./row-batch.ts";
import type { Observe } from "../../observation/observation.ts";
import { channelJson } from "../../channels/channel-json.ts";
import type { PlannedBatch } from "./plan-append.ts";
import { countIgnored, type StoredAppend } from "./stored-append.ts";

/** RFC 7240. */
const RETURN_REPRESENTATION = /(?:^|,)\s*return=representation\s*(?:;|,|$)/i;

type ResultHeaders = { readonly "Idempotency-Replayed"?: string; readonly "Preference-Applied"?: string };

export function wantsRows(prefer: string | undefined): boolean {
  return RETURN_REPRESENTATION.test(prefer ?? "");
}

/** @param rows what was stored, as it was read from the request; null when there was none, or it is not known any more. */
export function appendResult(
  stored: StoredAppend,
  rows: PlannedBatch | null,
  prefer: string | undefined,
  observe: Observe,
): { headers: ResultHeaders; body: JsonText } {
  const { channel, stats, insertedRows, kept, report, isReplayed } = stored;
  const { provided, rejected, faults } = report;
  observe({
    event: "rows_appended",
    stored: isReplayed ? 0 : insertedRows,
    rejected: isReplayed ? 0 : rejected,
    isReplayed,
  });
  // Rows that were read by other columns than the channel has now are not made up.
  const isEcho = wantsRows(prefer) && (rows !== null || provided === 0);
  const details = {
    provided_rows: provided,
    inserted_rows: insertedRows,
    rejected_rows: rejected,
    ignored_rows: countIgnored(stored),
    available_rows: stats.row_count,
    details: faults.map(({ detail: message, pointer, code }) =>
      pointer === undefined ? { message, field: "rows", code } : { message, field: "rows", subfield: pointer, code },
    ),
  };
  return {
    headers: {
      ...(isReplayed ? { "Idempotency-Replayed": "true" } : {}),
      ...(isEcho ? { "Preference-Applied": "return=representation" } : {}),
    },
    body: new JsonText(
      channelJson(
        { definition: channel.definition, ...stats },
        {
          op_status: rejected > 0 ? '"warning"' : '"success"',
          op_details: JSON.stringify(details),
          ...(isEcho ? { rows: rows ? batchJson(channel.columns, kept ?? rows.batch) : "[]" } : {}),
        },
      ),
    ),
  };
}
