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

export function describeBucket({ index, count, values, filled }: FilledBucket, grid: BucketGrid, now: bigint): Bucket {
  const { start, end } = edgesOf(grid, index);
  const partial = partialOf(start, end, grid, now);
  return {
    time: instantOfMicros(start).text,
    end: instantOfMicros(end).text,
    count,
    values,
    partial,
    coverage: partial && coverageOf(start, end, grid, now),
    filled: filled ?? null,
  };
}

/** The buckets that are whole: none begins before the range, or ends after it or after now. */
export function wholeBuckets({ edges, from, to }: BucketGrid, now: bigint): { start: number; end: number } {
  const start = edges.findIndex((edge) => edge >= from);
  const end = edges.findLastIndex((edge) => edge <= to && edge <= now);
  return { start: Math.max(start, 0), end: Math.max(end, start, 0) };
}

function partialOf(start: bigint, end: bigint, { from, to }: BucketGrid, now: bigint): Bucket["partial"] {
  if (end > now) return "open";
  if (start < from) return "start";
  return end > to ? "end" : null;
}

function coverageOf(start: bigint, end: bigint, { from, to }: BucketGrid, now: bigint): number {
  const low = start > from ? start : from;
  const high = [end, to, now].reduce((least, each) => (each < least ? each : least));
  return high > low ? Number(high - low) / Number(end - start) : 0;
}
