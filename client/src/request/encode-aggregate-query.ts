/** In charge of queries that aggregate rows. */
import { encodeRowQuery } from "./encode-row-query.ts";
import { entriesOf, nameList } from "./encode-values.ts";
import { filterName } from "./filter-parameter.ts";

type Fields = {
  readonly fn?: unknown;
  readonly maxPoints?: unknown;
  readonly fillLimit?: unknown;
};

/**
 * A field that is undefined counts as absent, but not a function that is: without any, others would be answered.
 *
 * @throws TypeError naming the place of a value of a wrong type.
 */
export function encodeAggregateQuery(query: object): object {
  const { fn, maxPoints: max_points, fillLimit: fill_limit, ...same }: Fields = query;
  return { ...encodeRowQuery({ ...same, max_points, fill_limit }), ...encodeFunctions(fn) };
}

function encodeFunctions(fn: unknown): object {
  if (fn === undefined) return {};
  const functions = entriesOf(fn, "fn").map(([column, names]) => [
    filterName("fn", column),
    nameList(names ?? [], `fn[${JSON.stringify(column)}]`),
  ]);
  if (functions.length === 0) throw new TypeError("fn: expected the name of a column.");
  return Object.fromEntries(functions);
}
