/** In charge of functions of what follows from one value of a column to the next. The first of a range follows the one before it. */
import { type FragmentSqlToken, sql } from "slonik";
import { TYPE_RULES } from "../../../columns/column-type.ts";
import { timeLiteral } from "../../../columns/queries/time-sql.ts";
import type { Instant } from "../../../formats/instant.ts";
import type { TimeRange } from "../../read/time-range.ts";
import { type BucketKey, timeOf } from "./bucket-key.ts";
import type { SequenceFunction } from "../functions.ts";
import { difference, exact, toJson } from "./function-sql.ts";

export type SequenceStart = {
  readonly range: TimeRange;
  /** Where the query ends; null when it does not say. */
  readonly until: Instant | null;
  readonly now: bigint;
  /** The values before the range, by column. */
  readonly before: ReadonlyMap<string, string>;
};

/** The `result` as JSON text, by the key `b` of its bucket. @param rows is the end of a statement over the rows `s`, from its `from` on */
export function sequenceAggregate(
  each: SequenceFunction,
  key: BucketKey,
  rows: FragmentSqlToken,
  start: SequenceStart,
): FragmentSqlToken {
  const { name, type, slot } = each.column;
  const value = sql.fragment`s.${sql.identifier([slot])}`;
  const previous = sql.fragment`${start.before.get(name) ?? null}::${sql.identifier([TYPE_RULES[type].slot])}`;
  const values = sql.fragment`
    select
      s.time,
      ${value} as v,
      lag(${value}, 1, ${previous}) over o as pv,
      lag(s.time) over o as pt,
      lead(s.time) over o as nt
    ${rows} and ${value} is not null
    window o as (order by s.time, s._row)
  `;
  return each.name === "increase" ? increase(each, key, values) : timeWeightedAverage(key, values, start);
}

/** A value that is lower than the one before is counted from 0: the counter has started again. */
function increase({ column: { type } }: SequenceFunction, key: BucketKey, values: FragmentSqlToken): FragmentSqlToken {
  const value = sql.fragment`r.v`;
  const rise = sql.fragment`
    case
      when r.pv is null then 0
      when r.v >= r.pv then ${difference(type, value, sql.fragment`r.pv`)}
      else ${exact(type, value)}
    end
  `;
  return sql.fragment`
    select q.b, ${toJson(type, sql.fragment`sum(q.rise)`)} as result
    from (select ${key.of(sql.fragment`r.time`)} as b, ${rise} as rise from (${values}) r) q
    group by q.b
  `;
}

/**
 * Each value weighs as long as it holds. In microseconds, which are whole: no product with one is smaller than its value, and no quotient of
 * what is left is too small for a float, both of which PostgreSQL would refuse as an underflow.
 */
function timeWeightedAverage(key: BucketKey, values: FragmentSqlToken, { range, until, now }: SequenceStart): FragmentSqlToken {
  const begin = key.start(sql.fragment`q.b`);
  const low = sql.fragment`greatest(${begin}, ${timeOf(range.from)})`;
  const ends = [key.end(sql.fragment`q.b`), ...(until ? [timeLiteral(until.text)] : []), timeOf(now)];
  const high = sql.fragment`least(${sql.join(ends, sql.fragment`, `)})`;
  const micros = (from: FragmentSqlToken, to: FragmentSqlToken) =>
    sql.fragment`greatest((extract(epoch from ${to} - ${from}) * 1000000)::double precision, 0)`;
  return sql.fragment`
    select
      t.b,
      case when t.held = 0 then null when abs(t.weighted) < 1e-300 then 0 else t.weighted / t.held end::text as result
    from (
      select w.b, sum(coalesce(w.pv * w.held_before, 0) + w.v * w.held) as weighted, sum(w.held_before + w.held) as held
      from (
        select
          q.b,
          q.v::double precision as v,
          q.pv::double precision as pv,
          case
            when q.pv is null or q.pt >= ${begin} then 0
            else ${micros(low, sql.fragment`least(q.time, ${high})`)}
          end as held_before,
          ${micros(sql.fragment`q.time`, sql.fragment`least(q.nt, ${high})`)} as held
        from (select r.*, ${key.of(sql.fragment`r.time`)} as b from (${values}) r) q
      ) w
      group by w.b
    ) t
  `;
}
