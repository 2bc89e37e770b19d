/** In charge of buckets without rows: what they hold, and how long a gap may be. */
import type { AggregateQuery } from "./aggregate-query.ts";
import { type BucketGrid, edgesOf } from "./bucket-grid.ts";
import { type ColumnFunction, resultType } from "./functions.ts";
import type { RowBucket } from "./queries/selectBuckets.ts";

export type BucketBefore = RowBucket & { readonly until: bigint };

export type FilledBucket = RowBucket & { readonly filled?: string };

type Gap = {
  /** Where it begins and ends, in microseconds since 1970. */
  readonly low: bigint;
  readonly high: bigint;
  readonly previous: RowBucket | null;
  readonly next: RowBucket | null;
};

type Extent = {
  /** Buckets of the grid, the end not among them. */
  readonly start: number;
  readonly end: number;
  readonly now: bigint;
  /** The last bucket with rows before the range, and when it ends. */
  readonly previous: BucketBefore | null;
};

/** All buckets of the grid from one place to another, those with rows as they are. */
export function fillBuckets(
  buckets: readonly RowBucket[],
  query: AggregateQuery,
  grid: BucketGrid,
  { start, end, now, previous }: Extent,
): FilledBucket[] {
  const all: FilledBucket[] = [];
  let before: RowBucket | null = previous;
  let low = previous?.until ?? grid.from;
  for (const next of [...buckets, null]) {
    const gapStart = start + all.length;
    const gapEnd = next?.index ?? end;
    const gap: Gap = { low, high: next ? edgesOf(grid, gapEnd).start : grid.to, previous: before, next };
    for (let index = gapStart; index < gapEnd; index++) all.push(fillBucket(index, gap, query, grid, now));
    if (!next) break;
    all.push(next);
    before = next;
    low = edgesOf(grid, next.index).end;
  }
  return all;
}

function fillBucket(
  index: number,
  gap: Gap,
  { fill, fillLimit, functions }: AggregateQuery,
  grid: BucketGrid,
  now: bigint,
): FilledBucket {
  const isTooLong = fillLimit !== null && gap.high - gap.low > fillLimit;
  const isYetToCome = edgesOf(grid, index).start >= now;
  const kind = isTooLong || isYetToCome ? "null" : fill;
  const values = functions.map((each, place) => {
    if (each.name === "count" || each.name === "distinct") return 0;
    switch (kind) {
      case "none":
      case "null":
        return null;
      case "previous":
        return gap.previous?.values[place] ?? null;
      case "linear":
        return between(index, gap, place, each, grid);
      default:
        return constant(kind, each);
    }
  });
  return { index, count: 0, values, filled: String(kind) };
}

function constant(number: number, each: ColumnFunction): number | string | null {
  const type = resultType(each);
  if (type === "int64") return String(BigInt(number));
  return type === "int" || type === "float" ? number : null;
}

/** On the straight line from the begin of the bucket before to that of the one behind. */
function between(
  index: number,
  { previous, next }: Gap,
  place: number,
  each: ColumnFunction,
  grid: BucketGrid,
): number | string | null {
  if (!previous || !next) return null;
  const low = previous.values[place];
  const high = next.values[place];
  const begin = edgesOf(grid, previous.index).start;
  const passed = edgesOf(grid, index).start - begin;
  const whole = edgesOf(grid, next.index).start - begin;
  if (typeof low === "number" && typeof high === "number") {
    const share = Number(passed) / Number(whole);
    return low * (1 - share) + high * share;
  }
  if (resultType(each) !== "int64" || typeof low !== "string" || typeof high !== "string") return null;
  return String(BigInt(low) + roundedQuotient((BigInt(high) - BigInt(low)) * passed, whole));
}

/** Halves away from zero. */
function roundedQuotient(dividend: bigint, divisor: bigint): bigint {
  const doubled = 2n * dividend + (dividend < 0n ? -divisor : divisor);
  return doubled / (2n * divisor);
}
