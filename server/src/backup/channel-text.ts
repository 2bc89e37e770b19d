/** In charge of the lines of one channel, as they go into a dump and as they are compared after a restore. */
import type { DumpedChannel } from "../db/queries/selectDumpedChannel.ts";
import { type PageEnd, type RowPosition, rowPosition } from "../db/queries/row-selection.ts";
import { type LinesPage, selectDumpLines } from "../db/queries/selectLines.ts";
import { sqlState } from "../db/sql-state.ts";
import type { Snapshot } from "../db/with-snapshot.ts";
import { planRowQuery } from "../domain/row-query.ts";
import { selectInWindows } from "../operations/read-page.ts";

/** Whole lines, and how many of them are rows. */
export type ChannelText = { readonly text: string; readonly rows: number };

const FIRST_PAGE_ROWS = 1_000;
const MOST_PAGE_ROWS = 10_000;
/** What a page comes to when its rows are like those of the page before. */
const PAGE_CHARACTERS = 4_000_000;
const MOST_GROWTH = 4;
/** A page of rows that are suddenly large: no memory, a text beyond the limit of one, an allocation beyond the limit of one. */
const TOO_LARGE: ReadonlySet<string | null> = new Set(["53200", "54000", "XX000"]);
const SHRINKING = 8;

/** The definition, then the rows by time: a page in memory, and one being fetched. */
export async function* channelText(snapshot: Snapshot, channel: DumpedChannel): AsyncGenerator<ChannelText> {
  yield { text: `{"channel":${channel.dumped}}\n`, rows: 0 };

  let coming: Promise<Page> | null = fetchPage(snapshot, channel, null, FIRST_PAGE_ROWS);
  while (coming) {
    const page: Page = await coming;
    coming = page.last && fetchPage(snapshot, channel, page.last, nextLimit(page));
    // A failure is met when the page is waited for; until then nobody listens.
    coming?.catch(() => {});
    if (page.rows > 0) yield page;
  }
}

/** `last` is null on the last page. */
type Page = ChannelText & { readonly limit: number; readonly last: RowPosition | null };

async function fetchPage(snapshot: Snapshot, channel: DumpedChannel, after: RowPosition | null, limit: number): Promise<Page> {
  const { query } = planRowQuery(channel.columns, { sort: "time", skip_received: false }, []);
  try {
    const page = await snapshot((connection) =>
      selectInWindows<LinesPage>(connection, selectDumpLines, channel, query, { after, offset: 0, limit, lastRow: null }),
    );
    if (!page) return { text: "", rows: 0, limit, last: null };
    const isLast = page.found <= limit;
    return { text: page.text, rows: isLast ? page.found : limit, limit, last: isLast ? null : endOf(page) };
  } catch (error) {
    if (limit === 1 || !TOO_LARGE.has(sqlState(error))) throw error;
    return fetchPage(snapshot, channel, after, Math.ceil(limit / SHRINKING));
  }
}

function endOf({ end_keys, end_row }: PageEnd): RowPosition {
  return rowPosition.parse({ keys: end_keys, row: end_row });
}

function nextLimit({ text, rows, limit }: Page): number {
  const fitting = Math.floor((PAGE_CHARACTERS * rows) / text.length);
  return Math.max(1, Math.min(fitting, limit * MOST_GROWTH, MOST_PAGE_ROWS));
}
