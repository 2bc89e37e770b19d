/** In charge of the last row before a range, which says what holds when it begins. */
import type { CommonQueryMethods } from "slonik";
import type { StoredChannel } from "../../channels/queries/channel-definition.ts";
import type { Column } from "../../columns/channel-schema.ts";
import { type Instant, instantOfMicros } from "../../formats/instant.ts";
import { MAX_PAGE_BYTES, selectInWindows } from "../read/read-page.ts";
import { TIME_COLUMN } from "../read/row-filter.ts";
import type { AggregateQuery } from "./aggregate-query.ts";
import { selectRowBefore } from "./queries/selectRowBefore.ts";

/**
 * Null when there is none.
 *
 * @param column has to have a value there; null looks for any row.
 */
export async function findRowBefore(
  connection: CommonQueryMethods,
  channel: StoredChannel,
  { filters }: AggregateQuery,
  before: bigint,
  column: Column | null,
): Promise<{ time: Instant; value: string | null } | null> {
  const query = {
    from: null,
    to: instantOfMicros(before),
    filters: column ? [...filters, { kind: "null" as const, column, isNull: false }] : filters,
    columns: column ? [column] : [],
    hasReceivedAt: false,
    sort: [{ column: TIME_COLUMN, isDescending: true }],
  };
  const range = { after: null, offset: 0, limit: 1, maxBytes: MAX_PAGE_BYTES, lastRow: null };
  const row = await selectInWindows(connection, selectRowBefore, channel, query, range);
  return row?.time ? { time: row.time, value: row.value } : null;
}
