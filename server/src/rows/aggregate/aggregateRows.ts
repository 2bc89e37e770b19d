import type { Operation } from "../../contract/operation.ts";
import { describeSpan } from "./bucket-span.ts";
import { DEFAULT_LIMIT, readBuckets } from "./bucket-page.ts";
import { bucketObject } from "./bucket-object.ts";

export const aggregateRows: Operation<"aggregateRows"> = async (request, { database, now }) => {
  const { limit = DEFAULT_LIMIT, cursor } = request.query;
  const page = await database.pools.reader.read(request.signal, (connection) =>
    readBuckets(connection, request, { limit, cursor, now: now() }),
  );
  const present = bucketObject(page.query.functions);
  return { status: 200, body: { ...describeSpan(page), buckets: page.buckets.map(present) } };
};
