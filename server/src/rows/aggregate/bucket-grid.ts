/** In charge of where buckets begin and end: the range of a query, cut into pieces. */
import type { CommonQueryMethods } from "slonik";
import { instantOfMicros, microsOf, parseInstant } from "../../formats/instant.ts";
import type { TimeRange } from "../read/time-range.ts";
import { ProblemError } from "../../problems/problem-error.ts";
import { type AggregateQuery, isUniform } from "./aggregate-query.ts";
import { type BucketWidth, formatBucketWidth, MICROS_PER_DAY, NICE_WIDTHS } from "./bucket-width.ts";
import { selectCalendarEdges } from "./queries/selectCalendarEdges.ts";

export type BucketGrid = TimeRange & {
  /** Null when one bucket is all of the range. */
  readonly width: BucketWidth | null;
  /** Begin of each bucket, and the end of the last: one more than there are buckets, or none. */
  readonly edges: readonly bigint[];
};

type Cut = Pick<AggregateQuery, "tz" | "origin">;

export const MAX_BUCKETS = 10_000;

/** A Monday, and the first of a month: the origins of time_bucket (https://docs.timescale.com/api/latest/hyperfunctions/time_bucket/). */
const UNIFORM_ORIGIN = Date.UTC(2000, 0, 3);
const MONTH_ORIGIN = Date.UTC(2000, 0, 1);

/** No bucket begins before the first time that can be written, or ends after the last. */
const FIRST = microsOfText("0001-01-01T00:00:00Z");
const LAST = microsOfText("9999-12-31T23:59:59.999999Z");

/** Long before that, and some centuries before the times of PostgreSQL begin: no step is tried that lies before. */
const EARLIEST = FIRST - 4_000n * 366n * MICROS_PER_DAY;

const YEARS: BucketWidth = { unit: "months", count: 12 };

/** In the Gregorian calendar, on the average. */
const MICROS_PER_MONTH = (MICROS_PER_DAY * 146_097n) / 4_800n;
/** Months differ, clocks are changed, and some places have skipped days: so many units more on either side find the true edges. */
const SLACK = 3n;

/** @throws ProblemError too_many_buckets, query_invalid when the database does not know the time zone */
export async function planGrid(connection: CommonQueryMethods, query: AggregateQuery, range: TimeRange): Promise<BucketGrid> {
  if (range.from >= range.to) return { ...range, width: query.width, edges: [] };
  if (query.width) {
    const grid = await cut(connection, query, range, query.width);
    if (!grid) throw tooManyBuckets(query, range, query.width);
    return grid;
  }
  const maxPoints = query.maxPoints ?? 0;
  for (const width of query.maxPoints === null ? [] : NICE_WIDTHS) {
    if (estimateCount(range, width) > BigInt(maxPoints) + SLACK) continue;
    const grid = await cut(connection, query, range, width);
    if (grid && grid.edges.length - 1 <= maxPoints) return grid;
  }
  return { ...range, width: null, edges: [range.from, range.to] };
}

/** Null when there would be too many. */
async function cut(connection: CommonQueryMethods, query: Cut, range: TimeRange, width: BucketWidth): Promise<BucketGrid | null> {
  if (estimateCount(range, width) > BigInt(MAX_BUCKETS) + SLACK) return null;
  const found = isUniform(width, query.tz)
    ? uniformEdges(query, range, lengthOf(width))
    : await calendarEdges(connection, query, range, width);
  const clamped = [FIRST, ...found.map((edge) => (edge < FIRST ? FIRST : edge > LAST ? LAST : edge))];
  // A day that a place has skipped begins and ends at the same moment.
  const edges = clamped.filter((edge, index) => index === 0 || edge > (clamped[index - 1] ?? edge));
  const start = edges.findLastIndex((edge) => edge <= range.from);
  const end = edges.findIndex((edge) => edge >= range.to);
  if (start < 0 || end < 0) throw new Error("the edges of buckets do not reach around their range");
  return end - start > MAX_BUCKETS ? null : { ...range, width, edges: edges.slice(start, end + 1) };
}

function uniformEdges(query: Cut, range: TimeRange, length: bigint): bigint[] {
  const { start, count } = uniformExtent(query, range, length);
  return Array.from({ length: Number(count) + 1 }, (_, index) => start + BigInt(index) * length);
}

function uniformExtent({ origin }: Cut, { from, to }: TimeRange, length: bigint): { start: bigint; count: bigint } {
  const zero = origin ? microsOf(origin) : BigInt(UNIFORM_ORIGIN) * 1_000n;
  const first = floorDivide(from - zero, length);
  return { start: zero + first * length, count: floorDivide(to - 1n - zero, length) - first + 1n };
}

function calendarEdges(
  connection: CommonQueryMethods,
  { tz, origin }: Cut,
  { from, to }: TimeRange,
  width: BucketWidth,
): Promise<bigint[]> {
  const start = origin ? microsOf(origin) : BigInt(width.unit === "months" ? MONTH_ORIGIN : UNIFORM_ORIGIN) * 1_000n;
  const length = lengthOf(width);
  const least = floorDivide(from - start, length) - SLACK;
  const earliest = floorDivide(EARLIEST - start, length) + 1n;
  return selectCalendarEdges(connection, {
    tz,
    origin,
    step: { months: width.unit === "months" ? width.count : 0, days: width.unit === "days" ? width.count : 0 },
    first: Number(least < earliest ? earliest : least),
    last: Number(floorDivide(to - start, length) + SLACK),
  });
}

export function edgesOf({ edges }: BucketGrid, index: number): { start: bigint; end: bigint } {
  const start = edges[index];
  const end = edges[index + 1];
  if (start === undefined || end === undefined) throw new RangeError(`there is no bucket ${index}`);
  return { start, end };
}

/** Where it is uniform, its length; of months and of days in a time zone, that on the average. */
export function lengthOf({ unit, count }: BucketWidth): bigint {
  return unit === "micros" ? count : BigInt(count) * (unit === "days" ? MICROS_PER_DAY : MICROS_PER_MONTH);
}

function estimateCount({ from, to }: TimeRange, width: BucketWidth): bigint {
  return (to - from) / lengthOf(width);
}

function tooManyBuckets(query: Cut, range: TimeRange, asked: BucketWidth): ProblemError {
  const isEnough = (width: BucketWidth) =>
    isUniform(width, query.tz)
      ? uniformExtent(query, range, lengthOf(width)).count <= BigInt(MAX_BUCKETS)
      : estimateCount(range, width) + SLACK <= BigInt(MAX_BUCKETS);
  // There are fewer years than that.
  const smallest = NICE_WIDTHS.find(isEnough) ?? YEARS;
  const stretch = `${instantOfMicros(range.from).text} to ${instantOfMicros(range.to).text}`;
  const detail = `${stretch} has more than ${MAX_BUCKETS} buckets of ${formatBucketWidth(asked)}; the smallest that would do is ${formatBucketWidth(smallest)}`;
  return new ProblemError("too_many_buckets", `${detail}.`, {
    errors: [{ parameter: "bucket", code: "too_many_buckets", detail }],
  });
}

function floorDivide(dividend: bigint, divisor: bigint): bigint {
  const quotient = dividend / divisor;
  return dividend < 0n && quotient * divisor !== dividend ? quotient - 1n : quotient;
}

function microsOfText(text: string): bigint {
  const instant = parseInstant(text);
  if (!instant) throw new Error(`${text} is no time`);
  return microsOf(instant);
}
