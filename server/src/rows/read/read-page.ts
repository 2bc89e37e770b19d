/** In charge of what all ways to read rows share: the channel, the query and the cursor before, the windows and the end of the page after. */
import type { AskedCondition } from "@kronicle/client/filter-grammar";
import type { CommonQueryMethods } from "slonik";
import { type Principal, requesterOf } from "../../access/principal.ts";
import { z } from "zod";
import type { StoredChannel } from "../../channels/queries/channel-definition.ts";
import type { PageEnd } from "./queries/page-end.ts";
import { checkPosition, type PageRange, type RowPosition, rowPosition, type SelectPage } from "./queries/row-selection.ts";
import { selectChannel } from "../../channels/queries/selectChannel.ts";
import { selectPosition } from "./queries/selectPosition.ts";
import type { RowPlace } from "./row-filter.ts";
import { packCursor, peekCursor, unpackCursor } from "../../formats/cursor.ts";
import { parseInstant } from "../../formats/instant.ts";
import { type PageStart, planWindows } from "./page-windows.ts";
import { type Clock, planRowQuery, type QueryParameters, type RowQuery } from "./row-query.ts";
import { badCursor, badQuery, channelNotFound } from "../../problems/common.ts";

type ReadRequest = {
  readonly path: { readonly channel_id: string };
  readonly query: QueryParameters;
  readonly filters: readonly AskedCondition[];
  readonly principal: Principal | null;
};

/** What `now` stood for on the first page of a walk, so that all of its pages are of one selection. */
const started = z.object({ now: z.int().min(0).max(253_402_300_799_999) });

/** What `now` stands for: that of the first page where a cursor leads on from there. A forged cursor is refused later, by its hash. */
export function clockOf(cursor: string | undefined, now: number): Clock {
  return (cursor === undefined ? null : peekCursor(cursor, started)) ?? { now };
}

/** @throws ProblemError channel_not_found, query_invalid */
export async function planRead(
  connection: CommonQueryMethods,
  { path, query: parameters, filters, principal }: ReadRequest,
  clock: Clock,
): Promise<{ channel: StoredChannel; query: RowQuery }> {
  const channel = await selectChannel(connection, path.channel_id, requesterOf({ principal }).scope);
  if (!channel) throw channelNotFound(path.channel_id);
  const { query, faults } = planRowQuery(channel.columns, parameters, filters, clock);
  if (faults.count > 0) throw badQuery(faults.found, faults.count);
  return { channel, query };
}

/** Fetches a page from the narrowest stretch of time that holds it; null where no row can lie. */
export async function selectInWindows<Page extends PageEnd>(
  connection: CommonQueryMethods,
  select: SelectPage<Page>,
  channel: StoredChannel,
  query: RowQuery,
  range: Omit<PageRange, "window">,
): Promise<Page | null> {
  const [firstKey] = query.sort;
  const start: PageStart = {
    direction: firstKey?.column.name !== "time" ? null : firstKey.isDescending ? "descending" : "ascending",
    afterTime: firstKey?.column.name === "time" ? (range.after?.keys[0] ?? null) : null,
    rowsNeeded: range.offset + range.limit + 1,
  };
  let page: Page | null = null;
  for (const window of planWindows(channel, query, start)) {
    page = await select(connection, channel, query, { ...range, window });
    if (page.found > page.most) break;
  }
  return page;
}

/** A page of texts and documents ends before it has more: far less than a text of JavaScript may have, whatever escapes are needed. */
export const MAX_PAGE_BYTES = 32 * 1024 * 1024;

/** How many rows of those that were found are on the page. */
export function countRows(page: PageEnd | null): number {
  return page ? Math.min(page.found, page.most) : 0;
}

/** Longer ones would not fit into a URL: texts that rows are sorted by may have megabytes. */
const MAX_CURSOR_LENGTH = 1_024;

const rowPlace = z.object({ time: z.string(), row: rowPosition.shape.row });

/** @throws ProblemError query_invalid unless the cursor came from a page of this query. */
export async function readCursor(
  connection: CommonQueryMethods,
  cursor: string,
  channel: StoredChannel,
  query: RowQuery,
): Promise<RowPosition> {
  const unpacked = unpackCursor(cursor, identify(channel, query), z.union([rowPosition, rowPlace]));
  const position = unpacked && (await findPosition(connection, channel, query, unpacked));
  if (!position) throw badCursor();
  return position;
}

async function findPosition(
  connection: CommonQueryMethods,
  channel: StoredChannel,
  query: RowQuery,
  unpacked: RowPosition | RowPlace,
): Promise<RowPosition | null> {
  if ("keys" in unpacked) return checkPosition(query.sort, unpacked);
  const time = parseInstant(unpacked.time);
  return time && selectPosition(connection, channel, query, { time: time.text, row: unpacked.row });
}

/**
 * Null on the last page. Sort values go along, so that a deleted row is no end of the walk, unless they are too long for it.
 *
 * @param clock of a query whose bounds move with the clock; null for any other.
 */
export function nextCursor(channel: StoredChannel, query: RowQuery, page: PageEnd | null, clock: Clock | null): string | null {
  if (!page?.end || page.found <= page.most) return null;
  const { keys, time, row } = page.end;
  const identity = identify(channel, query);
  const cursor = packCursor({ keys, row, ...clock }, identity);
  return cursor.length <= MAX_CURSOR_LENGTH ? cursor : packCursor({ time, row, ...clock }, identity);
}

/** What has to be the same on each page. */
function identify(channel: StoredChannel, { columns, ...query }: RowQuery): unknown {
  return [channel.channel_id, query, columns.map(({ name }) => name)];
}
