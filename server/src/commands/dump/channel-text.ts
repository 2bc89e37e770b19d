/** In charge of the lines of one channel, as they go into a dump and as they are compared after a restore. */
import type { CommonQueryMethods } from "slonik";
import type { RowPosition } from "../../rows/read/queries/row-selection.ts";
import type { DumpedChannel } from "./queries/selectDumpedChannel.ts";
import { selectDumpLines } from "../../rows/read/queries/selectLines.ts";
import type { Snapshot } from "../../db/pool/with-snapshot.ts";
import { planRowQuery } from "../../rows/read/row-query.ts";
import { countRows, selectInWindows } from "../../rows/read/read-page.ts";

/** Whole lines, and how many of them are rows. */
export type ChannelText = { readonly text: string; readonly rows: number };

const MAX_PAGE_ROWS = 10_000;
const PAGE_BYTES = 4_000_000;
/** About what a row takes besides its values, and a value of a column that has no texts or documents. */
const ROW_BYTES = 80;
const VALUE_BYTES = 25;

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
  const { query } = planRowQuery(channel.columns, { sort: "time", skip_received: false }, [], { now: Date.now() });
  const range = { after, offset: 0, lastRow: null, limit: mostRows(channel.columns.length), maxBytes: PAGE_BYTES };
  const page = await selectInWindows(connection, selectDumpLines, channel, query, range);
  if (!page) return { text: "", rows: 0, last: null };
  const rows = countRows(page);
  const hasMore = page.found > rows;
  return { text: page.text, rows, last: hasMore ? page.end : null };
}

function mostRows(columns: number): number {
  return Math.min(MAX_PAGE_ROWS, Math.ceil(PAGE_BYTES / (ROW_BYTES + columns * VALUE_BYTES)));
}
