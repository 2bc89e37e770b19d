/** In charge of the stretch of time that a page can lie in, and of looking at no more of it than needed. */
import { type Instant, parseInstant } from "./instant.ts";
import type { RowSelection } from "./row-query.ts";
import { scanWindows, type TimeWindow } from "./scan-windows.ts";

type Extent = {
  readonly row_count: number;
  readonly first_time: string | null;
  readonly last_time: string | null;
  readonly chunk_days: number;
};

export type PageStart = {
  /** Null when the rows come in no order of time. */
  readonly direction: "ascending" | "descending" | null;
  /** Time of the last row of the page before. */
  readonly afterTime: string | null;
  readonly rowsNeeded: number;
};

/** None where no row can lie. */
export function planWindows(
  channel: Extent,
  selection: RowSelection,
  { direction, afterTime, rowsNeeded }: PageStart,
): TimeWindow[] {
  const stretch = narrow(channel, selection, afterTime, direction);
  if (!stretch) return [];
  if (direction === null) return [{ low: stretch.low.text, high: stretch.high.text }];
  return scanWindows({ ...stretch, direction, rowsNeeded, chunkDays: channel.chunk_days });
}

/** The window that holds every row of a selection; null where there can be none. */
export function wholeWindow(channel: Extent, selection: RowSelection): TimeWindow | null {
  const stretch = narrow(channel, selection, null, null);
  return stretch && { low: stretch.low.text, high: stretch.high.text };
}

function narrow(channel: Extent, { from, to }: RowSelection, afterTime: string | null, direction: PageStart["direction"]) {
  const first = readInstant(channel.first_time);
  const last = readInstant(channel.last_time);
  if (!first || !last) return null;
  const after = readInstant(afterTime);
  const low = latest([first, from, direction === "ascending" ? after : null]);
  const high = earliest([last, to, direction === "descending" ? after : null]);
  if (low.text > high.text) return null;
  return { low, high, density: channel.row_count / (Date.parse(last.text) - Date.parse(first.text) + 1) };
}

function readInstant(text: string | null): Instant | null {
  return text === null ? null : parseInstant(text);
}

function latest([head, ...rest]: [Instant, ...(Instant | null)[]]): Instant {
  return rest.reduce<Instant>((best, next) => (next && next.text > best.text ? next : best), head);
}

function earliest([head, ...rest]: [Instant, ...(Instant | null)[]]): Instant {
  return rest.reduce<Instant>((best, next) => (next && next.text < best.text ? next : best), head);
}
