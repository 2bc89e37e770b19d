/** In charge of the functions as SQL: aggregates over the rows `s` of a bucket, whose results are JSON texts, or null. */
import { type FragmentSqlToken, sql } from "slonik";
import type { ColumnType } from "../../../columns/column-type.ts";
import { type ColumnFunction, isSizable, type SequenceFunction } from "../functions.ts";

/** What is worked out of the values of a bucket alone. All percentiles of a column are one aggregate. */
type GroupFunction = Exclude<ColumnFunction, SequenceFunction | { readonly name: "percentile" }>;

/** By time, and by arrival where times are equal. TimescaleDB's first() and last() compare by any type. */
const ARRIVAL = sql.fragment`row(s.time, s._row)`;

/**
 * Beside first() and last() by arrival, for it cannot be worked out in parts: several workers would hand their parts over, and PostgreSQL reads no
 * row() of another process ("input of anonymous composite types is not implemented").
 */
export const IN_ONE_PIECE = sql.fragment`mode() within group (order by 1) filter (where false)`;

export function comparesArrival({ name }: ColumnFunction): boolean {
  return name === "first" || name === "last" || name === "delta";
}

/** Its result as JSON, or as it is where it may have any size: what is not on the page is not written out. */
export function groupAggregate(each: GroupFunction): FragmentSqlToken {
  const { type, slot: name } = each.column;
  const slot = sql.fragment`s.${sql.identifier([name])}`;
  const first = sql.fragment`first(${slot}, ${ARRIVAL}) filter (where ${slot} is not null)`;
  const last = sql.fragment`last(${slot}, ${ARRIVAL}) filter (where ${slot} is not null)`;
  switch (each.name) {
    case "count":
      return sql.fragment`count(${slot})::text`;
    case "distinct":
      return sql.fragment`count(distinct ${slot})::text`;
    case "sum":
      return toJson(type, sql.fragment`sum(${slot})`);
    case "avg":
      return sql.fragment`avg(${slot})::double precision::text`;
    case "min":
      return toJson(type, sql.fragment`min(${slot})`);
    case "max":
      return toJson(type, sql.fragment`max(${slot})`);
    case "first":
      return isSizable(each) ? first : toJson(type, first);
    case "last":
      return isSizable(each) ? last : toJson(type, last);
    case "stddev":
      return sql.fragment`stddev_samp(${slot})::double precision::text`;
    case "range":
      return toJson(type, difference(type, sql.fragment`max(${slot})`, sql.fragment`min(${slot})`));
    case "delta":
      return toJson(type, difference(type, last, first));
    case "share":
      return sql.fragment`(count(*) filter (where ${slot})::double precision / nullif(count(${slot}), 0))::text`;
    case "mode":
      // Of texts by code points: the same on every database, whatever its locale.
      return type === "str"
        ? sql.fragment`mode() within group (order by ${slot} collate "C")`
        : toJson(type, sql.fragment`mode() within group (order by ${slot})`);
  }
}

/** What `groupAggregate` has put into this field, as JSON. */
export function groupJson(each: GroupFunction, field: FragmentSqlToken): FragmentSqlToken {
  return isSizable(each) ? toJson(each.column.type, field) : field;
}

/** The rows are sorted once for all of them. */
export function percentileAggregate(slotName: string, fractions: readonly number[]): FragmentSqlToken {
  const slot = sql.fragment`s.${sql.identifier([slotName])}`;
  return sql.fragment`percentile_cont(${sql.array([...fractions], "float8")}) within group (order by ${slot}::double precision)`;
}

/**
 * One of them, as JSON. PostgreSQL does not look what it makes between two rows: far apart they give infinity, which JSON cannot say. The cast then
 * fails as a sum does that is too large.
 */
export function percentileAt(percentiles: FragmentSqlToken, place: number): FragmentSqlToken {
  const value = sql.fragment`(${percentiles})[${place}::integer]`;
  return sql.fragment`case when abs(${value}) = 'Infinity' then (${value})::bigint::text else (${value})::text end`;
}

/** A whole number of 64 bits less another may have more. */
export function difference(type: ColumnType, high: FragmentSqlToken, low: FragmentSqlToken): FragmentSqlToken {
  return type === "float" ? sql.fragment`(${high} - ${low})` : sql.fragment`(${exact(type, high)} - ${low})`;
}

export function exact(type: ColumnType, value: FragmentSqlToken): FragmentSqlToken {
  return type === "float" ? value : sql.fragment`(${value})::numeric`;
}

/** A value of a column, or one of its kind, as reading the column would show it. */
export function toJson(type: ColumnType, value: FragmentSqlToken): FragmentSqlToken {
  switch (type) {
    case "str":
      return sql.fragment`to_json(${value})::text`;
    case "int64":
    case "uuid":
      return sql.fragment`'"' || (${value})::text || '"'`;
    case "datetime":
      return sql.fragment`'"' || kronicle.rfc3339(${value}) || '"'`;
    default:
      return sql.fragment`(${value})::text`;
  }
}
