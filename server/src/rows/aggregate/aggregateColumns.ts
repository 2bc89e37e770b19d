import type { Operation } from "../../contract/operation.ts";
import { narrowTimes } from "../../formats/instant.ts";
import { describeSpan } from "./bucket-span.ts";
import { DEFAULT_LIMIT, readBuckets } from "./bucket-page.ts";
import type { Bucket } from "./bucket.ts";
import { byColumn } from "./functions.ts";

export const aggregateColumns: Operation<"aggregateColumns"> = async (request, { database, now }) => {
  const { limit = DEFAULT_LIMIT, cursor } = request.query;
  const page = await database.pools.reader.read(request.signal, (connection) =>
    readBuckets(connection, request, { limit, cursor, now: now() }),
  );
  const { buckets, query } = page;
  return {
    status: 200,
    body: {
      ...describeSpan(page),
      time: narrowTimes(buckets.map(({ time }) => time)),
      end: narrowTimes(buckets.map(({ end }) => end)),
      count: buckets.map(({ count }) => count),
      values: byColumn(query.functions, (place) => buckets.map(({ values }) => values[place])),
      partial: sparse(buckets, ({ partial }) => partial),
      coverage: sparse(buckets, ({ coverage }) => coverage),
      filled: sparse(buckets, ({ filled }) => filled),
    },
  };
};

/** What only some buckets have, by their place. */
function sparse<Value>(buckets: readonly Bucket[], pick: (bucket: Bucket) => Value | null): Record<string, Value> {
  return Object.fromEntries(
    buckets.flatMap((bucket, index) => {
      const value = pick(bucket);
      return value === null ? [] : [[String(index), value] as const];
    }),
  );
}
