/** In charge of the newest value of each column of one channel. */
import type { CommonQueryMethods } from "slonik";
import type { StoredChannel } from "../../channels/queries/channel-definition.ts";
import type { Column } from "../../columns/channel-schema.ts";
import { type Instant, MS_PER_DAY } from "../../formats/instant.ts";
import { badQuery } from "../../problems/common.ts";
import { planWindows } from "../read/page-windows.ts";
import { MAX_PAGE_BYTES } from "../read/read-page.ts";
import type { RowQuery } from "../read/row-query.ts";
import type { TimeWindow } from "../read/scan-windows.ts";
import { selectNewestValues } from "./queries/selectNewestValues.ts";

/** Each column of a statement is looked for by itself, which plans every chunk of the window again and repeats all filters. */
const MAX_PLANNED_CHUNKS = 1_000;
const MAX_COLUMNS_AT_ONCE = 32;

/**
 * By the name of the column, each as JSON. Columns without a value between the two times are left out.
 *
 * @throws ProblemError query_invalid when the values are too large together.
 */
export async function findNewestValues(
  connection: CommonQueryMethods,
  channel: StoredChannel,
  query: RowQuery,
  { low, high }: { readonly low: Instant; readonly high: Instant },
): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>();
  let roomBytes = MAX_PAGE_BYTES;
  const start = { direction: "descending", afterTime: null, rowsNeeded: 1 } as const;
  for (const window of planWindows(channel, { from: low, to: high, filters: [] }, start)) {
    const missing = query.columns.filter(({ name }) => !found.has(name));
    for (const columns of inBatches(missing, batchSize(window, channel.chunk_days))) {
      for (const { name, json } of await selectNewestValues(connection, channel, { ...query, columns }, window, roomBytes)) {
        if (json === null) throw badQuery([TOO_LARGE]);
        found.set(name, json);
        roomBytes -= Buffer.byteLength(json);
      }
    }
    if (found.size === query.columns.length) break;
  }
  return found;
}

const TOO_LARGE = {
  parameter: "columns",
  code: "too_large",
  detail: `the values take more than ${MAX_PAGE_BYTES / 1024 / 1024} MiB together: ask for fewer columns`,
};

function batchSize({ low, high }: TimeWindow, chunkDays: number): number {
  const chunks = (Date.parse(high) - Date.parse(low)) / (chunkDays * MS_PER_DAY) + 2;
  return Math.min(Math.ceil(MAX_PLANNED_CHUNKS / chunks), MAX_COLUMNS_AT_ONCE);
}

function inBatches(columns: readonly Column[], size: number): Column[][] {
  return Array.from({ length: Math.ceil(columns.length / size) }, (_, index) => columns.slice(index * size, (index + 1) * size));
}
