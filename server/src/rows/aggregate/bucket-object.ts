import { narrowTime } from "../../formats/instant.ts";
import type { Bucket } from "./bucket.ts";
import { byColumn, type ColumnFunction } from "./functions.ts";

/** How a bucket looks in an answer. What does not apply to it is left out. */
export function bucketObject(functions: readonly ColumnFunction[]) {
  return ({ time, end, count, values, partial, coverage, filled }: Bucket) => ({
    time: narrowTime(time),
    end: narrowTime(end),
    count,
    values: byColumn(functions, (place) => values[place]),
    ...(partial !== null && { partial }),
    ...(coverage !== null && { coverage }),
    ...(filled !== null && { filled }),
  });
}
