/** In charge of the answer to an append. */
import { JsonText } from "../../contract/json-text.ts";
import { batchJson } from "./row-batch.ts";
import type { Observe } from "../../observation/observation.ts";
import { channelJson } from "../../channels/channel-json.ts";
import type { PlannedBatch } from "./plan-append.ts";
import type { StoredAppend } from "./stored-append.ts";

/** RFC 7240. */
const RETURN_REPRESENTATION = /(?:^|,)\s*return=representation\s*(?:;|,|$)/i;

type ResultHeaders = { readonly "Idempotency-Replayed"?: string; readonly "Preference-Applied"?: string };

export function appendResult(
  { channel, stats, insertedRows, isReplayed }: StoredAppend,
  planned: PlannedBatch | null,
  prefer: string | undefined,
  observe: Observe,
): { headers: ResultHeaders; body: JsonText } {
  const rejected = planned?.rejected ?? 0;
  observe({
    event: "rows_appended",
    stored: isReplayed ? 0 : insertedRows,
    rejected: isReplayed ? 0 : rejected,
    isReplayed,
  });
  const isEcho = RETURN_REPRESENTATION.test(prefer ?? "");
  const faults = planned?.faults ?? [];
  const details = {
    provided_rows: planned?.provided ?? 0,
    inserted_rows: insertedRows,
    rejected_rows: rejected,
    available_rows: stats.row_count,
    details: faults.map(({ detail, pointer, code }) => ({
      message: detail,
      field: "rows",
      ...(pointer === undefined ? {} : { subfield: pointer }),
      code,
    })),
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
          op_status: faults.length > 0 ? '"warning"' : '"success"',
          op_details: JSON.stringify(details),
          ...(isEcho ? { rows: planned ? batchJson(channel.columns, planned.batch) : "[]" } : {}),
        },
      ),
    ),
  };
}
