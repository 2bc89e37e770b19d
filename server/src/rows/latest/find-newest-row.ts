/** In charge of the newest row of one channel, looked for in no more of the storage than needed. */
import type { CommonQueryMethods } from "slonik";
import type { StoredChannel } from "../../channels/queries/channel-definition.ts";
import type { Instant } from "../../formats/instant.ts";
import { planWindows } from "../read/page-windows.ts";
import type { RowQuery } from "../read/row-query.ts";
import { type NewestRow, selectNewestRow } from "./queries/selectNewestRow.ts";

/** Null when there is none. @param asOf the latest time that counts, inclusive; null is no bound. */
export async function findNewestRow(
  connection: CommonQueryMethods,
  channel: StoredChannel,
  query: RowQuery,
  asOf: Instant | null,
): Promise<NewestRow | null> {
  const start = { direction: "descending", afterTime: null, rowsNeeded: 1 } as const;
  for (const window of planWindows(channel, { from: null, to: asOf, filters: [] }, start)) {
    const row = await selectNewestRow(connection, channel, query, window);
    if (row) return row;
  }
  return null;
}
