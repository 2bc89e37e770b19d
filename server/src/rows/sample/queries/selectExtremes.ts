import { type CommonQueryMethods, type FragmentSqlToken, sql } from "slonik";
import { z } from "zod";
import type { StoredChannel } from "../../../channels/queries/channel-definition.ts";
import type { Column } from "../../../columns/channel-schema.ts";
import { timeLiteral, timeToGoOn } from "../../../columns/queries/time-sql.ts";
import { instantOfMicros } from "../../../formats/instant.ts";
import { wholeWindow } from "../../read/page-windows.ts";
import { selectionConditions } from "../../read/queries/row-selection.ts";
import type { RowSelection } from "../../read/row-query.ts";
import { rangeOf, type TimeRange } from "../../read/time-range.ts";

const point = z.tuple([z.string(), z.string(), z.number(), z.number()]).transform(([time, row, seconds, value]) => ({
  /** Where the row lies. */
  time,
  row,
  /** What is drawn of it. */
  seconds,
  value,
}));

export type SamplePoint = z.infer<typeof point>;

const extremes = z.object({
  points: z
    .string()
    .transform((json): unknown => JSON.parse(json))
    .pipe(z.array(point)),
  count: z.coerce.number().int(),
});

type Extremes = {
  readonly column: Column;
  /** How many points there may be. */
  readonly most: number;
  /** Whether the first and the last row of each stretch are taken too. */
  readonly hasEnds: boolean;
};

/** The rows with the lowest and the highest value of each stretch of the range, in order, and how many rows were looked at. */
export async function selectExtremes(
  connection: CommonQueryMethods,
  channel: StoredChannel,
  selection: RowSelection,
  { column, most, hasEnds }: Extremes,
): Promise<{ points: readonly SamplePoint[]; count: number }> {
  const window = wholeWindow(channel, selection);
  const range = rangeOf(channel, selection);
  if (!window || !range) return { points: [], count: 0 };

  const stretches = Math.floor(most / (hasEnds ? 4 : 2));
  const value = sql.fragment`s.${sql.identifier([column.slot])}`;
  const picks = [
    pick("first", value, value),
    pick("last", value, value),
    ...(hasEnds ? [pick("first", sql.fragment`s.time`, value), pick("last", sql.fragment`s.time`, value)] : []),
  ];
  return connection.one(sql.type(extremes)`
    with stretch as (
      select count(*) as n, array[${sql.join(
        picks.map((each) => each.time),
        sql.fragment`, `,
      )}] as times, array[${sql.join(
        picks.map((each) => each.row),
        sql.fragment`, `,
      )}] as rows, array[${sql.join(
        picks.map((each) => each.value),
        sql.fragment`, `,
      )}] as "values"
      from ${sql.identifier(["series", channel.table_name])} s
      where ${sql.join(selectionConditions(channel, selection, window), sql.fragment` and `)}
      group by time_bucket(${sql.literalValue(`${stretchMicros(range, stretches)} microseconds`)}::interval, s.time, ${timeLiteral(instantOfMicros(range.from).text)})
    ),
    place as (
      select distinct on (p.time, p.row) p.time, p.row, p.value
      from stretch, unnest(stretch.times, stretch.rows, stretch."values") as p (time, row, value)
      order by p.time, p.row
    )
    select
      coalesce((
        select json_agg(json_build_array(${timeToGoOn(sql.fragment`place.time`)}, place.row::text, extract(epoch from place.time)::double precision, place.value) order by place.time, place.row)::text
        from place
      ), '[]') as points,
      coalesce((select sum(n) from stretch), 0) as count
  `);
}

/**
 * The row that has the lowest or the highest key, and of several any. Each of its parts is the outcome of the same comparisons in the same order, so
 * they are of one row; to compare whole rows would take ten times as long.
 */
function pick(end: "first" | "last", key: FragmentSqlToken, value: FragmentSqlToken) {
  const of = (part: FragmentSqlToken) =>
    end === "first" ? sql.fragment`first(${part}, ${key})` : sql.fragment`last(${part}, ${key})`;
  return { time: of(sql.fragment`s.time`), row: of(sql.fragment`s._row`), value: of(sql.fragment`${value}::double precision`) };
}

/** So long that no more than so many cover the range. */
function stretchMicros({ from, to }: TimeRange, stretches: number): bigint {
  const micros = (to - from + BigInt(stretches) - 1n) / BigInt(stretches);
  return micros > 0n ? micros : 1n;
}
