/** In charge of JSON that the database builds from the rows `p` of a page. */
import { type FragmentSqlToken, sql } from "slonik";
import type { Column } from "../../../columns/channel-schema.ts";
import type { ColumnType } from "../../../columns/column-type.ts";
import type { RowQuery } from "../row-query.ts";
import { plainName, timeDigits } from "./time-text.ts";

const JSON_OF_TYPE: Readonly<Record<Exclude<ColumnType, "datetime">, (slot: FragmentSqlToken) => FragmentSqlToken>> = {
  float: (slot) => sql.fragment`${slot}::text`,
  int: (slot) => sql.fragment`${slot}::text`,
  bool: (slot) => sql.fragment`${slot}::text`,
  int64: (slot) => sql.fragment`'"' || ${slot} || '"'`,
  uuid: (slot) => sql.fragment`'"' || ${slot} || '"'`,
  str: (slot) => sql.fragment`to_json(${slot})::text`,
  dict: (slot) => sql.fragment`${slot}::text`,
  list: (slot) => sql.fragment`${slot}::text`,
};

export type RowField = { readonly name: string; readonly json: FragmentSqlToken };

/** The fields of a row in their order: `time`, the columns, and `received_at` if it is asked for. */
export function rowFields({ columns, hasReceivedAt }: RowQuery): RowField[] {
  return [
    { name: "time", json: timeJson("time") },
    ...columns.map((column) => ({ name: column.name, json: columnJson(column) })),
    ...(hasReceivedAt ? [{ name: "received_at", json: timeJson("received_at") }] : []),
  ];
}

function columnJson({ type, slot }: Column): FragmentSqlToken {
  const json = type === "datetime" ? timeJson(slot) : JSON_OF_TYPE[type](sql.fragment`p.${sql.identifier([slot])}`);
  return sql.fragment`coalesce(${json}, 'null')`;
}

function timeJson(slot: string): FragmentSqlToken {
  return sql.fragment`'"' || ${timeDigits(sql.fragment`p.${plainName(slot)}`)} || 'Z"'`;
}

/** A row as one JSON object. */
export function rowObject(query: RowQuery): FragmentSqlToken {
  const members = rowFields(query).flatMap(({ name, json }, index) => [
    sql.fragment`${`${index === 0 ? "{" : ","}${JSON.stringify(name)}:`}::text`,
    json,
  ]);
  return concat([...members, sql.fragment`'}'`]);
}

/** Of texts, none of them null. In halves of halves: in a chain, each text would be copied for every one behind it. */
export function concat(parts: readonly FragmentSqlToken[]): FragmentSqlToken {
  const [only = sql.fragment`''`, ...others] = parts;
  if (others.length === 0) return only;
  const half = Math.ceil(parts.length / 2);
  return sql.fragment`(${concat(parts.slice(0, half))} || ${concat(parts.slice(half))})`;
}
