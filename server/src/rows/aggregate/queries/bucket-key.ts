/** In charge of which bucket a row falls into, as SQL: by arithmetic where all are of one length, and else by looking between their edges. */
import { type FragmentSqlToken, sql } from "slonik";
import { timeLiteral } from "../../../columns/queries/time-sql.ts";
import { instantOfMicros } from "../../../formats/instant.ts";
import { type AggregateQuery, isUniform } from "../aggregate-query.ts";
import { type BucketGrid, lengthOf } from "../bucket-grid.ts";

export type BucketKey = {
  /** For the `with` of the statement: what all of its parts look at is sent and read once. Ten thousand edges are half a megabyte. */
  readonly common: readonly FragmentSqlToken[];
  /** Of a time: grows with it, and is the same within a bucket. */
  readonly of: (time: FragmentSqlToken) => FragmentSqlToken;
  /** The begin and the end of the bucket that has this key. */
  readonly start: (key: FragmentSqlToken) => FragmentSqlToken;
  readonly end: (key: FragmentSqlToken) => FragmentSqlToken;
  /** The place of the bucket in the grid, from 0. */
  readonly index: (key: FragmentSqlToken) => FragmentSqlToken;
};

export function bucketKey(query: AggregateQuery, { width, edges }: BucketGrid): BucketKey {
  const [first = 0n] = edges;
  if (width === null) {
    return {
      common: [],
      of: () => sql.fragment`0`,
      start: () => timeOf(first),
      end: () => timeOf(edges.at(-1) ?? first),
      index: (key) => key,
    };
  }
  const micros = lengthOf(width);
  // At either end of time a bucket is cut off, and so of no length that arithmetic knows.
  const isWhole = (edges.at(-1) ?? first) - first === micros * BigInt(edges.length - 1);
  if (isUniform(width, query.tz) && isWhole) {
    const length = sql.fragment`${sql.literalValue(`${micros} microseconds`)}::interval`;
    // With no origin of its own the planner sees that buckets follow each other in the index.
    const origin = query.origin === null ? sql.fragment`` : sql.fragment`, ${timeLiteral(query.origin.text)}`;
    return {
      common: [],
      of: (time) => sql.fragment`time_bucket(${length}, ${time}${origin})`,
      start: (key) => key,
      end: (key) => sql.fragment`(${key} + ${length})`,
      index: (key) =>
        sql.fragment`((extract(epoch from ${key}) * 1000000 - ${String(first)}::bigint) / ${String(micros)}::bigint)::integer`,
    };
  }
  const array = sql.array(
    edges.map((edge) => instantOfMicros(edge).text),
    "timestamptz",
  );
  const times = sql.fragment`select grid.edges from grid`;
  return {
    common: [sql.fragment`grid as materialized (select ${array} as edges)`],
    of: (time) => sql.fragment`width_bucket(${time}, (${times}))`,
    start: (key) => sql.fragment`(${times})[${key}]`,
    end: (key) => sql.fragment`(${times})[${key} + 1]`,
    index: (key) => sql.fragment`(${key} - 1)`,
  };
}

export function timeOf(micros: bigint): FragmentSqlToken {
  return timeLiteral(instantOfMicros(micros).text);
}
