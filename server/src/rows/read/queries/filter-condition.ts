/** In charge of filters as SQL. Columns of the row are those of the series table `s`. */
import { type FragmentSqlToken, sql } from "slonik";
import { TYPE_RULES } from "../../../columns/column-type.ts";
import { timeLiteral } from "../../../columns/queries/time-sql.ts";
import type { FilterColumn, RowFilter } from "../row-filter.ts";

export function filterCondition(filter: RowFilter): FragmentSqlToken {
  const slot = sql.fragment`s.${sql.identifier([filter.column.slot])}`;
  switch (filter.kind) {
    case "in":
      return sql.fragment`${slot} = any (${sql.array([...filter.values], slotType(filter.column))})`;
    case "at-least":
      return sql.fragment`${slot} >= ${castValue(filter.column, filter.value)}`;
    case "at-most":
      return sql.fragment`${slot} <= ${castValue(filter.column, filter.value)}`;
    case "path-in":
      return sql.fragment`${slot} #> ${sql.array([...filter.path], "text")} = any (${sql.array([...filter.documents], "jsonb")})`;
    case "contains":
      return sql.fragment`${slot} @> any (${sql.array(
        filter.documents.map((document) => `[${document}]`),
        "jsonb",
      )})`;
    case "place-in": {
      // By time alone the index leads there; by number alone the rows are told apart.
      const times = sql.array([...new Set(filter.places.map(({ time }) => time))], "timestamptz");
      const rows = sql.array(
        filter.places.map(({ row }) => row),
        "int8",
      );
      return sql.fragment`(s.time = any (${times}) and s._row = any (${rows}))`;
    }
    case "null":
      return filter.isNull ? sql.fragment`${slot} is null` : sql.fragment`${slot} is not null`;
  }
}

/** A plan depends on bounds of time as on nothing else, so these are part of the statement. */
export function castValue(column: FilterColumn, value: string | number | boolean): FragmentSqlToken {
  if (column.slot === "time") return timeLiteral(String(value));
  return sql.fragment`${String(value)}::${sql.identifier([slotType(column)])}`;
}

function slotType({ type }: FilterColumn) {
  return TYPE_RULES[type].slot;
}
