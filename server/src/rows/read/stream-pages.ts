/** In charge of streaming a selection of any size: one page in memory, and one being fetched meanwhile. */
import { setTimeout as sleep } from "node:timers/promises";
import type { CommonQueryMethods } from "slonik";
import { BusyError } from "../../db/errors.ts";
import type { GatedPool } from "../../db/pool/gated-pool.ts";
import type { ChannelScope } from "../../access/channel-scope.ts";
import type { StoredChannel } from "../../channels/queries/channel-definition.ts";
import { isUnchanged } from "./queries/isUnchanged.ts";
import type { PageEnd } from "./queries/page-end.ts";
import type { RowPosition, SelectPage } from "./queries/row-selection.ts";
import type { RowQuery } from "./row-query.ts";
import type { Observe } from "../../observation/observation.ts";
import { countRows, MAX_PAGE_BYTES, selectInWindows } from "./read-page.ts";

const PAGE_ROWS = 5_000;

/** A stream that has begun is not turned away: its next page is asked for again and again, for so long. */
const PATIENCE_MS = 30_000;
const PAUSE_MS = 100;

type Extent = {
  readonly offset: number;
  /** Null is all. */
  readonly limit: number | null;
  readonly lastRow: string;
  readonly scope: ChannelScope;
  readonly signal: AbortSignal;
  readonly observe: Observe;
};

type LinesPage = PageEnd & { readonly text: string };

/** The channel is no longer the one that the export began with, so that what is left of it would pass for all of it. */
class ChannelChangedError extends Error {
  override name = "ChannelChangedError";
}

/**
 * Each page is a query of its own: no transaction is open, and no connection held, while the caller reads. So rows may be gone that
 * were there at the start: after each page it is looked whether the channel still is the one of the start.
 */
export async function* streamPages(
  pool: GatedPool,
  select: SelectPage<LinesPage>,
  channel: StoredChannel,
  query: RowQuery,
  { offset, limit, lastRow, scope, signal, observe }: Extent,
): AsyncGenerator<string> {
  let left = limit ?? Number.POSITIVE_INFINITY;
  const fetch = (after: RowPosition | null, skip: number) => {
    const range = { after, offset: skip, limit: Math.min(PAGE_ROWS, left), maxBytes: MAX_PAGE_BYTES, lastRow };
    return pool.read(signal, async (connection) => {
      const page = await selectInWindows(connection, select, channel, query, range);
      await refuseChanged(connection, channel, scope);
      return page;
    });
  };
  const fetchNext = (page: LinesPage) => patiently(() => fetch(page.end, 0));

  let coming: Promise<LinesPage | null> | null = fetch(null, offset);
  while (coming && !signal.aborted) {
    const page: LinesPage | null = await coming;
    if (!page) return;
    const rows = countRows(page);
    left -= rows;
    coming = page.found > rows && left > 0 ? fetchNext(page) : null;
    // A failure is met when the page is waited for; until then nobody listens.
    coming?.catch(() => {});
    observe({ event: "rows_read", rows });
    if (page.text !== "") yield page.text;
  }
}

/**
 * Looked at after a page: a deletion that the page has seen is seen here too.
 *
 * @throws ChannelChangedError
 */
export async function refuseChanged(
  connection: CommonQueryMethods,
  channel: Pick<StoredChannel, "id" | "schema_version">,
  scope: ChannelScope,
): Promise<void> {
  if (await isUnchanged(connection, channel, scope)) return;
  throw new ChannelChangedError("rows of the channel were deleted, its columns changed, or it is gone, while it was exported");
}

/** For the pages of a stream after the first. @throws BusyError after 30 s */
export async function patiently<T>(work: () => Promise<T>): Promise<T> {
  for (const until = performance.now() + PATIENCE_MS; ;) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof BusyError) || performance.now() > until) throw error;
    }
    await sleep(PAUSE_MS);
  }
}
