/** In charge of a page of buckets: the range, its grid, the rows of each bucket, what fills the others, and where the next page begins. */
import type { AskedCondition } from "@kronicle/client/filter-grammar";
import type { CommonQueryMethods } from "slonik";
import { z } from "zod";
import { type Principal, requesterOf } from "../../access/principal.ts";
import type { StoredChannel } from "../../channels/queries/channel-definition.ts";
import { selectChannel } from "../../channels/queries/selectChannel.ts";
import type { FunctionChoice } from "../../contract/operation.ts";
import { packCursor, peekCursor, unpackCursor } from "../../formats/cursor.ts";
import { instantOfMicros, microsOf, parseInstant } from "../../formats/instant.ts";
import { badCursor, badQuery, channelNotFound } from "../../problems/common.ts";
import { ProblemError } from "../../problems/problem-error.ts";
import { SQLSTATE, sqlState } from "../../db/sql-state.ts";
import { MAX_PAGE_BYTES } from "../read/read-page.ts";
import { type AggregateParameters, type AggregateQuery, planAggregate } from "./aggregate-query.ts";
import { rangeOf, type TimeRange } from "../read/time-range.ts";
import { type BucketGrid, planGrid } from "./bucket-grid.ts";
import { type BucketWidth, formatBucketWidth, parseBucketWidth } from "./bucket-width.ts";
import { type AskedRange, type Bucket, describeBucket, wholeBuckets } from "./bucket.ts";
import { type BucketBefore, fillBuckets, type FilledBucket } from "./fill.ts";
import { isSequence } from "./functions.ts";
import { selectBuckets } from "./queries/selectBuckets.ts";
import { findRowBefore } from "./row-before.ts";

export type AggregateRequest = {
  readonly path: { readonly channel_id: string };
  readonly query: AggregateParameters;
  readonly filters: readonly AskedCondition[];
  readonly functions: readonly FunctionChoice[];
  readonly principal: Principal | null;
};

export type BucketPage = {
  readonly channel: StoredChannel;
  readonly query: AggregateQuery;
  /** Null when the channel has no rows, and a bound of the range was left to them. */
  readonly grid: BucketGrid | null;
  readonly buckets: readonly Bucket[];
  readonly nextCursor: string | null;
};

export const DEFAULT_LIMIT = 1_000;

/** Values of a page: a few megabytes as JSON. */
const MAX_VALUES = 250_000;
/** Values of a range that is filled, which is worked out as a whole. */
const MAX_FILLED_VALUES = 1_000_000;

/** Everything that the first page found out, so that all pages are of one range. Anybody can make a cursor up. */
const position = z.object({
  index: z.int().min(0),
  from: z.string(),
  to: z.string(),
  bucket: z.string().nullable(),
  now: z.int().min(0).max(253_402_300_799_999),
});

type Position = z.infer<typeof position>;

/** @throws ProblemError channel_not_found, query_invalid, too_many_buckets */
export async function readBuckets(
  connection: CommonQueryMethods,
  { path, query: parameters, filters, functions, principal }: AggregateRequest,
  { limit, cursor, now }: { readonly limit: number; readonly cursor: string | undefined; readonly now: number },
): Promise<BucketPage> {
  const clock = (cursor === undefined ? null : peekCursor(cursor, z.object({ now: position.shape.now }))) ?? { now };
  const channel = await selectChannel(connection, path.channel_id, requesterOf({ principal }).scope);
  if (!channel) throw channelNotFound(path.channel_id);
  const { query: asked, faults } = planAggregate(channel.columns, parameters, filters, functions, clock);
  if (faults.count > 0) throw badQuery(faults.found, faults.count);

  const identity = identify(channel, parameters, asked);
  const after = cursor === undefined ? null : unpackCursor(cursor, identity, position);
  if (cursor !== undefined && after === null) throw badCursor();
  const query = after ? { ...asked, width: after.bucket === null ? null : readWidth(after.bucket), maxPoints: null } : asked;
  const range = after ? { from: readMicros(after.from), to: readMicros(after.to) } : rangeOf(channel, query);
  if (!range) return { channel, query, grid: null, buckets: [], nextCursor: null };

  const grid = await planGrid(connection, query, range);
  const nowMicros = BigInt(clock.now) * 1_000n;
  const { buckets, next } = await refuseOverflow(() =>
    selectPage(connection, channel, query, grid, { start: after?.index ?? 0, limit, now: nowMicros }),
  );
  const nextPosition: Position | null =
    next === null
      ? null
      : {
          index: next,
          from: instantOfMicros(range.from).text,
          to: instantOfMicros(range.to).text,
          bucket: grid.width && formatBucketWidth(grid.width),
          now: clock.now,
        };
  return {
    channel,
    query,
    grid,
    buckets: buckets.map((bucket) => describeBucket(bucket, grid, askedRange(query), nowMicros)),
    nextCursor: nextPosition && packCursor(nextPosition, identity),
  };
}

type Page = { readonly start: number; readonly limit: number; readonly now: bigint };

async function selectPage(
  connection: CommonQueryMethods,
  channel: StoredChannel,
  query: AggregateQuery,
  grid: BucketGrid,
  { start: asked, limit, now }: Page,
): Promise<{ buckets: FilledBucket[]; next: number | null }> {
  const bounds = query.dropsPartial
    ? wholeBuckets(grid, askedRange(query), now)
    : { start: 0, end: Math.max(grid.edges.length - 1, 0) };
  const start = Math.max(asked, bounds.start);
  const isFilled = query.fill !== "none";
  const most = Math.min(limit, Math.max(1, Math.floor(MAX_VALUES / Math.max(query.functions.length, 1))));

  // What is filled depends on the buckets around it, so these are all looked at.
  const part = rangeBetween(grid, isFilled ? bounds.start : start, bounds.end);
  if (!part) return { buckets: [], next: null };
  if (isFilled && (bounds.end - bounds.start) * query.functions.length > MAX_FILLED_VALUES) {
    const detail = `${query.functions.length} functions of ${bounds.end - bounds.start} buckets are more than the ${MAX_FILLED_VALUES} values that can be filled; ask for fewer of either`;
    throw badQuery([{ parameter: "fill", code: "too_many", detail }]);
  }
  const { buckets, hasMore } = await selectBuckets(connection, channel, query, {
    grid,
    range: part,
    now,
    before: await valuesBefore(connection, channel, query, part.from),
    limit: isFilled ? bounds.end - bounds.start : most,
    maxBytes: MAX_PAGE_BYTES,
  });
  if (!isFilled) return { buckets, next: hasMore ? (buckets.at(-1)?.index ?? 0) + 1 : null };
  if (hasMore) {
    const detail = `the values of the range take more than ${MAX_PAGE_BYTES} bytes; ask for fewer buckets, or without fill`;
    throw badQuery([{ parameter: "fill", code: "too_large", detail }]);
  }
  const filled = fillBuckets(buckets, query, grid, {
    ...bounds,
    now,
    previous: query.fill === "previous" ? await bucketBefore(connection, channel, query, grid, part.from, now) : null,
  });
  const page = filled.slice(start - bounds.start, start - bounds.start + most);
  return { buckets: page, next: start + page.length < bounds.end ? start + page.length : null };
}

/** The last bucket with rows that lies before a time, of the same grid. */
async function bucketBefore(
  connection: CommonQueryMethods,
  channel: StoredChannel,
  query: AggregateQuery,
  { width }: BucketGrid,
  before: bigint,
  now: bigint,
): Promise<BucketBefore | null> {
  const last = width && (await findRowBefore(connection, channel, query, before, null));
  const micros = last && microsOf(last.time);
  if (!width || micros === null) return null;
  const grid = await planGrid(connection, { ...query, width, maxPoints: null }, { from: micros, to: micros + 1n });
  const [start = micros, end = before] = grid.edges;
  const range = { from: start, to: end < before ? end : before };
  const values = await valuesBefore(connection, channel, query, start);
  const selection = { grid, range, now, before: values, limit: 1, maxBytes: MAX_PAGE_BYTES };
  const [bucket] = (await selectBuckets(connection, channel, query, selection)).buckets;
  return bucket ? { ...bucket, until: range.to } : null;
}

/** For the columns whose functions go on from the value before. */
async function valuesBefore(
  connection: CommonQueryMethods,
  channel: StoredChannel,
  query: AggregateQuery,
  before: bigint,
): Promise<Map<string, string>> {
  const values = new Map<string, string>();
  for (const column of new Set(query.functions.filter(isSequence).map((each) => each.column))) {
    const row = await findRowBefore(connection, channel, query, before, column);
    if (row && row.value !== null) values.set(column.name, row.value);
  }
  return values;
}

/** From the begin of one bucket to that of another, as far as the range goes; null where nothing is left of it. */
function rangeBetween({ edges, from, to }: BucketGrid, start: number, end: number): TimeRange | null {
  const low = edges[start];
  const high = edges[end];
  if (low === undefined || high === undefined || start >= end) return null;
  return { from: low > from ? low : from, to: high < to ? high : to };
}

function askedRange({ from, to }: AggregateQuery): AskedRange {
  return { from: from && microsOf(from), to: to && microsOf(to) };
}

/** What has to be the same on each page. */
function identify(channel: StoredChannel, parameters: AggregateParameters, query: AggregateQuery): unknown {
  const { bucket, max_points, tz, origin, fill, fill_limit, partial, from, to } = parameters;
  const functions = query.functions.map(({ column, label }) => [column.name, label]);
  return [channel.channel_id, query.filters, functions, bucket, max_points, tz, origin, fill, fill_limit, partial, from, to];
}

function readMicros(text: string): bigint {
  const instant = parseInstant(text);
  if (!instant) throw badCursor();
  return microsOf(instant);
}

function readWidth(text: string): BucketWidth {
  const width = parseBucketWidth(text);
  if (!width) throw badCursor();
  return width;
}

/** Sums of large floats can be larger than any float. */
async function refuseOverflow<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (sqlState(error) !== SQLSTATE.numberOutOfRange) throw error;
    const detail = "a result is beyond what a float can hold (about ±1.8e308); leave the function or the rows out";
    throw new ProblemError("query_invalid", `fn: ${detail}.`, {
      errors: [{ parameter: "fn", code: "out_of_range", detail }],
      cause: error,
    });
  }
}
