/** In charge of the lines of one channel, as they go into a dump and as they are compared after a restore. */
import type { CommonQueryMethods } from "slonik";
import { type RowPosition, rowPosition } from "../db/queries/row-selection.ts";
import type { DumpedChannel } from "../db/queries/selectDumpedChannel.ts";
import { isSizable, selectFittingRows } from "../db/queries/selectFittingRows.ts";
import { selectDumpLines } from "../db/queries/selectLines.ts";
import type { Snapshot } from "../db/with-snapshot.ts";
import { planRowQuery } from "../domain/row-query.ts";
import { selectInWindows } from "../operations/read-page.ts";

/** Whole lines, and how many of them are rows. */
export type ChannelText = { readonly text: string; readonly rows: number };

const MOST_PAGE_ROWS = 10_000;
const PAGE_CHARACTERS = 4_000_000;
/** About what a row takes besides its values, and a value of a column that has no texts or documents. */
const ROW_CHARACTERS = 80;
const VALUE_CHARACTERS = 25;

/** The definition, then the rows by time: a page in memory, and one being fetched. */
export async function* channelText(snapshot: Snapshot, channel: DumpedChannel): AsyncGenerator<ChannelText> {
  yield { text: `{"channel":${channel.dumped}}\n`, rows: 0 };

  const fetch = (after: RowPosition | null) => snapshot((connection) => fetchPage(connection, channel, after));
  let coming: Promise<Page> | null = fetch(null);
  while (coming) {
    const page: Page = await coming;
    coming = page.last && fetch(page.last);
    // A failure is met when the page is waited for; until then nobody listens.
    coming?.catch(() => {});
    if (page.rows > 0) yield page;
  }
}

/** `last` is null on the last page. */
type Page = ChannelText & { readonly last: RowPosition | null };

async function fetchPage(connection: CommonQueryMethods, channel: DumpedChannel, after: RowPosition | null): Promise<Page> {
  const { query } = planRowQuery(channel.columns, { sort: "time", skip_received: false }, []);
  const range = { after, offset: 0, lastRow: null, limit: mostRows(channel.columns.length) };
  const fitting = channel.columns.some(isSizable)
    ? await selectInWindows(connection, selectFittingRows(PAGE_CHARACTERS), channel, query, range)
    : null;
  // A row that is larger than a page is a page.
  const limit = fitting ? Math.max(1, Math.min(fitting.fitting, range.limit)) : range.limit;
  const page = await selectInWindows(connection, selectDumpLines, channel, query, { ...range, limit });
  if (!page) return { text: "", rows: 0, last: null };
  return page.found > limit
    ? { text: page.text, rows: limit, last: rowPosition.parse({ keys: page.end_keys, row: page.end_row }) }
    : { text: page.text, rows: page.found, last: null };
}

function mostRows(columns: number): number {
  return Math.min(MOST_PAGE_ROWS, Math.ceil(PAGE_CHARACTERS / (ROW_CHARACTERS + columns * VALUE_CHARACTERS)));
}
