/**
 * In charge of looking at no more of the storage than an answer needs.
 *
 * A query locks and plans every chunk that its time bounds touch, so "the newest 100" of a long series must not name the whole
 * series. The rows of a channel say how long a stretch of time probably holds a page; should it hold less, the next window is wider.
 */
import { type Instant, instantOf } from "./instant.ts";

/** Both ends belong to it. */
export type TimeWindow = { readonly low: string; readonly high: string };

type Stretch = {
  readonly low: Instant;
  readonly high: Instant;
  /** The order of the rows says from which end to look. */
  readonly direction: "ascending" | "descending";
  /** Rows per millisecond, over the whole channel. */
  readonly density: number;
  readonly rowsNeeded: number;
  /** Looking at less than a chunk saves nothing. */
  readonly chunkDays: number;
};

const MS_PER_DAY = 86_400_000;
/** Series are denser here and sparser there. */
const SLACK = 2;
const WIDENING = 8;
/** A few chunks more cost less than a second query. */
const CHEAP_CHUNKS = 8;

/** From the narrowest to the whole stretch, each to be tried when the one before held too few rows. */
export function scanWindows({ low, high, direction, density, rowsNeeded, chunkDays }: Stretch): TimeWindow[] {
  const whole = { low: low.text, high: high.text };
  const lowMs = Date.parse(low.text);
  const highMs = Date.parse(high.text) + 1;
  const cheapMs = CHEAP_CHUNKS * chunkDays * MS_PER_DAY;
  const windows: TimeWindow[] = [];
  for (let ms = Math.max(cheapMs, (SLACK * rowsNeeded) / density); ms * SLACK < highMs - lowMs; ms *= WIDENING) {
    windows.push(
      direction === "ascending" ? { ...whole, high: instantOf(lowMs + ms).text } : { ...whole, low: instantOf(highMs - ms).text },
    );
  }
  return [...windows, whole];
}
