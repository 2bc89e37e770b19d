import { type CommonQueryMethods, type FragmentSqlToken, sql } from "slonik";
import { z } from "zod";
import type { StoredChannel } from "../../../channels/queries/channel-definition.ts";
import { instantOfMicros } from "../../../formats/instant.ts";
import { wholeWindow } from "../../read/page-windows.ts";
import { total } from "../../read/queries/bound-page.ts";
import { concat } from "../../read/queries/row-json.ts";
import { selectionConditions } from "../../read/queries/row-selection.ts";
import type { AggregateQuery } from "../aggregate-query.ts";
import type { TimeRange } from "../../read/time-range.ts";
import type { BucketGrid } from "../bucket-grid.ts";
import { type ColumnFunction, isSequence, isSizable } from "../functions.ts";
import { type BucketKey, bucketKey } from "./bucket-key.ts";
import { comparesArrival, groupAggregate, groupJson, IN_ONE_PIECE, percentileAggregate, percentileAt } from "./function-sql.ts";
import { sequenceAggregate, type SequenceStart } from "./sequence-sql.ts";

/** What is known of a bucket with rows: its place in the grid, how many rows it has, and a value for each function. */
export type RowBucket = { readonly index: number; readonly count: number; readonly values: readonly unknown[] };

export type BucketSelection = {
  readonly grid: BucketGrid;
  /** The part of the grid's range to look at. */
  readonly range: TimeRange;
  /** Nothing holds any longer than to now, in microseconds since 1970. */
  readonly now: bigint;
  /** The values before the range, by column, for functions that go on from there. */
  readonly before: ReadonlyMap<string, string>;
  readonly limit: number;
  readonly maxBytes: number;
};

const found = z.object({
  json: z
    .string()
    .transform((json): unknown => JSON.parse(json))
    .pipe(z.array(z.tuple([z.int(), z.int()], z.unknown()))),
  found: z.coerce.number().int(),
});

/** The buckets of a range that have rows, in order, as far as limit and size allow, and whether there are more. */
export async function selectBuckets(
  connection: CommonQueryMethods,
  channel: StoredChannel,
  query: AggregateQuery,
  selection: BucketSelection,
): Promise<{ buckets: RowBucket[]; hasMore: boolean }> {
  const { grid, range, limit, maxBytes } = selection;
  const part = { from: instantOfMicros(range.from), to: instantOfMicros(range.to), filters: query.filters };
  const window = range.from < range.to ? wholeWindow(channel, part) : null;
  if (!window) return { buckets: [], hasMore: false };

  const key = bucketKey(query, grid);
  const stored = sql.fragment`
    from ${sql.identifier(["series", channel.table_name])} s
    where ${sql.join(selectionConditions(channel, part, window), sql.fragment` and `)}
  `;
  const isShared = query.functions.filter(isSequence).length > 1;
  const rows = isShared ? sql.fragment`from range_row s where true` : stored;
  const common = [...key.common, ...(isShared ? [rangeRows(query.functions, stored)] : [])];
  const { fields, values, sizes, joined, joins } = planFunctions(query.functions, key, rows, { ...selection, until: query.to });
  const line = concat([
    sql.fragment`'['`,
    sql.fragment`${key.index(sql.fragment`q.b`)}::text`,
    sql.fragment`','`,
    sql.fragment`q.n::text`,
    ...values.flatMap((value) => [sql.fragment`','`, sql.fragment`coalesce(${value}, 'null')`]),
    sql.fragment`']'`,
  ]);
  const answer = await connection.one(sql.type(found)`
    ${common.length === 0 ? sql.fragment`` : sql.fragment`with ${sql.join(common, sql.fragment`, `)}`}
    select
      '[' || coalesce(string_agg(${line}, ',' order by q.b) filter (where q.place = 1 or q.bytes <= ${maxBytes}::bigint), '') || ']' as json,
      count(*) as found
    from (
      select ${sql.join([sql.fragment`g.*`, ...joined], sql.fragment`, `)}, row_number() over w as place, sum(${total(sizes)}) over w as bytes
      from (
        select ${sql.join([sql.fragment`${key.of(sql.fragment`s.time`)} as b`, sql.fragment`count(*) as n`, ...fields], sql.fragment`, `)}
        ${rows}
        group by b
        order by b
        limit ${limit + 1}::integer
      ) g
      ${joins}
      window w as (order by g.b)
    ) q
  `);
  const buckets = answer.json.slice(0, limit).map(([index, count, ...values]) => ({ index, count, values }));
  return { buckets, hasMore: answer.found > buckets.length };
}

/**
 * Each function of a sequence goes over the rows by itself. Planned anew for each, every chunk of the range takes so much memory that two hundred
 * functions of two months of chunks ended the embedded database.
 */
function rangeRows(functions: readonly ColumnFunction[], stored: FragmentSqlToken): FragmentSqlToken {
  const slots = [...new Set(functions.map(({ column }) => column.slot))].map((slot) => sql.fragment`s.${sql.identifier([slot])}`);
  return sql.fragment`range_row as materialized (select ${sql.join([sql.fragment`s.time`, sql.fragment`s._row`, ...slots], sql.fragment`, `)} ${stored})`;
}

type FunctionPlan = {
  /** Of the group `g` of a bucket. */
  readonly fields: FragmentSqlToken[];
  /** For each function, its result as JSON, of the row `q` of a bucket. */
  readonly values: FragmentSqlToken[];
  /** The sizes of those in `g` that may have any. */
  readonly sizes: FragmentSqlToken[];
  /** What the joins give to `q`. */
  readonly joined: FragmentSqlToken[];
  readonly joins: FragmentSqlToken;
};

function planFunctions(
  functions: readonly ColumnFunction[],
  key: BucketKey,
  rows: FragmentSqlToken,
  start: SequenceStart,
): FunctionPlan {
  const fields: FragmentSqlToken[] = [];
  const joins: FragmentSqlToken[] = [];
  const joined: FragmentSqlToken[] = [];
  const sizes: FragmentSqlToken[] = [];
  const percentiles = new Map<string, number[]>();
  for (const each of functions) {
    if (each.name !== "percentile") continue;
    percentiles.set(each.column.slot, [...(percentiles.get(each.column.slot) ?? []), each.fraction]);
  }
  for (const [slot, fractions] of percentiles) {
    fields.push(sql.fragment`${percentileAggregate(slot, fractions)} as ${sql.identifier([`p_${slot}`])}`);
  }
  if (functions.some(comparesArrival)) fields.push(sql.fragment`${IN_ONE_PIECE} as in_one_piece`);
  const values = functions.map((each, index) => {
    const { column } = each;
    if (each.name === "percentile") {
      const place = (percentiles.get(column.slot) ?? []).indexOf(each.fraction) + 1;
      return percentileAt(sql.fragment`q.${sql.identifier([`p_${column.slot}`])}`, place);
    }
    const field = sql.identifier([`v${index}`]);
    if (isSequence(each)) {
      joins.push(sql.fragment`left join (${sequenceAggregate(each, key, rows, start)}) ${field} on ${field}.b = g.b`);
      joined.push(sql.fragment`${field}.result as ${field}`);
      return sql.fragment`q.${field}`;
    }
    fields.push(sql.fragment`${groupAggregate(each)} as ${field}`);
    if (isSizable(each)) sizes.push(sql.fragment`coalesce(octet_length(g.${field}::text), 0)::double precision`);
    const json = groupJson(each, sql.fragment`q.${field}`);
    // Looked at, or the planner would leave it out.
    return comparesArrival(each) ? sql.fragment`coalesce(q.in_one_piece::text, ${json})` : json;
  });
  return {
    fields,
    values,
    sizes,
    joined,
    joins: joins.length === 0 ? sql.fragment`` : sql.fragment`${sql.join(joins, sql.fragment` `)}`,
  };
}
