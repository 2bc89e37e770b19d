/** In charge of what an answer says of a bucket: from when to when it goes, and how far it is true. */
import { type BucketGrid, edgesOf } from "./bucket-grid.ts";
import { instantOfMicros } from "../../formats/instant.ts";
import type { FilledBucket } from "./fill.ts";

export type Bucket = {
  /** With six fraction digits. */
  readonly time: string;
  readonly end: string;
  readonly count: number;
  /** In the order of the functions. */
  readonly values: readonly unknown[];
  readonly partial: "open" | "start" | "end" | null;
  /** Null for a whole one. */
  readonly coverage: number | null;
  /** Null where it has rows. */
  readonly filled: string | null;
};

/** What a range was asked to begin and to end with; null where it was left to the rows, which cut nothing off. */
export type AskedRange = { readonly from: bigint | null; readonly to: bigint | null };

export function describeBucket(
  { index, count, values, filled }: FilledBucket,
  grid: BucketGrid,
  asked: AskedRange,
  now: bigint,
): Bucket {
  const { start, end } = edgesOf(grid, index);
  const partial = partialOf(start, end, asked, now);
  return {
    time: instantOfMicros(start).text,
    end: instantOfMicros(end).text,
    count,
    values,
    partial,
    coverage: partial && coverageOf(start, end, asked, now),
    filled: filled ?? null,
  };
}

/** The buckets that are whole: none begins before the range, or ends after it or after now. */
export function wholeBuckets({ edges }: BucketGrid, { from, to }: AskedRange, now: bigint): { start: number; end: number } {
  const start = edges.findIndex((edge) => from === null || edge >= from);
  const end = edges.findLastIndex((edge) => (to === null || edge <= to) && edge <= now);
  return { start: Math.max(start, 0), end: Math.max(end, start, 0) };
}

function partialOf(start: bigint, end: bigint, { from, to }: AskedRange, now: bigint): Bucket["partial"] {
  if (end > now) return "open";
  if (from !== null && start < from) return "start";
  return to !== null && end > to ? "end" : null;
}

function coverageOf(start: bigint, end: bigint, { from, to }: AskedRange, now: bigint): number {
  const low = from === null || start > from ? start : from;
  const high = [end, to ?? end, now].reduce((least, each) => (each < least ? each : least));
  return high > low ? Number(high - low) / Number(end - start) : 0;
}
