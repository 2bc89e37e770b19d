/** In charge of the stretch of time that a page can lie in, and of looking at no more of it than needed. */
import { type Instant, instantOf, MS_PER_DAY, parseInstant } from "../../formats/instant.ts";
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

/**
 * None where no row can lie. Each is as wide as whole chunks, or ends where it was asked to: the same pages of many channels, and of one
 * that grows, then are the same statement.
 */
export function planWindows(
  channel: Extent,
  selection: RowSelection,
  { direction, afterTime, rowsNeeded }: PageStart,
): TimeWindow[] {
  const asked = askedStretch(selection, afterTime, direction);
  const stretch = narrow(channel, asked);
  if (!stretch) return [];
  const windows =
    direction === null ? [whole(stretch)] : scanWindows({ ...stretch, direction, rowsNeeded, chunkDays: channel.chunk_days });
  return withoutRepeats(windows.map((window) => fit(window, channel, asked)));
}

/** The window that holds every row of a selection; null where there can be none. */
export function wholeWindow(channel: Extent, selection: RowSelection): TimeWindow | null {
  const asked = askedStretch(selection, null, null);
  const stretch = narrow(channel, asked);
  return stretch && fit(whole(stretch), channel, asked);
}

type Asked = { readonly low: Instant | null; readonly high: Instant | null };

function askedStretch({ from, to }: RowSelection, afterTime: string | null, direction: PageStart["direction"]): Asked {
  const after = afterTime === null ? null : parseInstant(afterTime);
  return {
    low: latest(from, direction === "ascending" ? after : null),
    high: earliest(to, direction === "descending" ? after : null),
  };
}

function narrow(channel: Extent, asked: Asked) {
  const first = channel.first_time === null ? null : parseInstant(channel.first_time);
  const last = channel.last_time === null ? null : parseInstant(channel.last_time);
  if (!first || !last) return null;
  const low = latest(first, asked.low) ?? first;
  const high = earliest(last, asked.high) ?? last;
  if (low.text > high.text) return null;
  return { low, high, rowRate: channel.row_count / (Date.parse(last.text) - Date.parse(first.text) + 1) };
}

function whole({ low, high }: { readonly low: Instant; readonly high: Instant }): TimeWindow {
  return { low: low.text, high: high.text };
}

function fit(window: TimeWindow, { chunk_days }: Extent, asked: Asked): TimeWindow {
  const { low, high } = wholeChunks(window, chunk_days);
  return {
    low: asked.low && asked.low.text > low ? asked.low.text : low,
    high: asked.high && asked.high.text < high ? asked.high.text : high,
  };
}

const FIRST_MS = Date.parse("0001-01-01T00:00:00Z");
const LAST_MS = Date.parse("9999-12-31T23:59:59Z");

/**
 * The window, widened to whole chunks. TimescaleDB cuts time at multiples of the chunk interval since 1970
 * (https://docs.timescale.com/use-timescale/latest/hypertables/about-hypertables/).
 */
export function wholeChunks({ low, high }: TimeWindow, chunkDays: number): TimeWindow {
  const chunkMs = chunkDays * MS_PER_DAY;
  const startMs = Math.floor(Date.parse(low) / chunkMs) * chunkMs;
  const lastSecondMs = (Math.floor(Date.parse(high) / chunkMs) + 1) * chunkMs - 1_000;
  return {
    low: instantOf(Math.max(startMs, FIRST_MS)).text,
    high: instantOf(Math.min(lastSecondMs, LAST_MS)).text.replace(".000000", ".999999"),
  };
}

function withoutRepeats(windows: readonly TimeWindow[]): TimeWindow[] {
  return windows.filter(({ low, high }, index) => low !== windows[index - 1]?.low || high !== windows[index - 1]?.high);
}

function latest(one: Instant | null, other: Instant | null): Instant | null {
  return one && other ? (one.text > other.text ? one : other) : (one ?? other);
}

function earliest(one: Instant | null, other: Instant | null): Instant | null {
  return one && other ? (one.text < other.text ? one : other) : (one ?? other);
}
