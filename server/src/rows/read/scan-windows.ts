/**
 * In charge of looking at no more of the storage than an answer needs.
 *
 * A query locks and plans every chunk that its time bounds touch, so "the newest 100" of a long series must not name the whole
 * series. The rows of a channel say how long a stretch of time probably holds a page; should it hold less, the next window is wider.
 */
import { type Instant, instantOf, MS_PER_DAY } from "../../formats/instant.ts";

/** Both ends belong to it. */
export type TimeWindow = { readonly low: string; readonly high: string };

type Stretch = {
  readonly low: Instant;
  readonly high: Instant;
  /** The order of the rows says from which end to look. */
  readonly direction: "ascending" | "descending";
  /** Rows per millisecond, over the whole channel. */
  readonly rowRate: number;
  readonly rowsNeeded: number;
  readonly chunkDays: number;
};

/** Series are denser here and sparser there. */
const SLACK = 2;
const WIDENING = 8;
/** A few chunks more cost less than a second query: as long as there are no more than so many, the slack is larger. */
const CHEAP_CHUNKS = 8;
const CHEAP_SLACK = 8;
/** Looking at less than a chunk saves nothing; a whole one would mostly touch two. */
const MIN_CHUNKS = 1 / 4;

/** From the narrowest to the whole stretch, each to be tried when the one before held too few rows. */
export function scanWindows({ low, high, direction, rowRate, rowsNeeded, chunkDays }: Stretch): TimeWindow[] {
  const whole = { low: low.text, high: high.text };
  const lowMs = Date.parse(low.text);
  const highMs = Date.parse(high.text) + 1;
  const chunkMs = chunkDays * MS_PER_DAY;
  const neededMs = rowsNeeded / rowRate;
  const narrowestMs = Math.max(SLACK * neededMs, Math.min(CHEAP_SLACK * neededMs, CHEAP_CHUNKS * chunkMs), MIN_CHUNKS * chunkMs);
  const windows: TimeWindow[] = [];
  for (let ms = narrowestMs; ms * SLACK < highMs - lowMs; ms *= WIDENING) {
    windows.push(
      direction === "ascending" ? { ...whole, high: instantOf(lowMs + ms).text } : { ...whole, low: instantOf(highMs - ms).text },
    );
  }
  return [...windows, whole];
}
