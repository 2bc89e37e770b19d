/** In charge of JSON that the database builds from the rows `p` of a page. */
import { type FragmentSqlToken, sql } from "slonik";
import { TYPE_SQL } from "../../../columns/queries/type-sql.ts";
import type { RowQuery } from "../row-query.ts";

export type RowField = {
  readonly name: string;
  readonly json: FragmentSqlToken;
  /** For a column of times, the name of its slot. */
  readonly timeSlot: string | null;
};

/** What a row shows. */
export type ShownFields = Pick<RowQuery, "columns" | "hasReceivedAt">;

/** The fields of a row in their order: `time`, the columns, and `received_at` if it is asked for. */
export function rowFields({ columns, hasReceivedAt }: ShownFields): RowField[] {
  const { json: timeJson } = TYPE_SQL.datetime;
  return [
    { name: "time", json: timeJson("time"), timeSlot: "time" },
    ...columns.map(({ name, type, slot }) => ({
      name,
      json: sql.fragment`coalesce(${TYPE_SQL[type].json(slot)}, 'null')`,
      timeSlot: TYPE_SQL[type].isTime ? slot : null,
    })),
    ...(hasReceivedAt ? [{ name: "received_at", json: timeJson("received_at"), timeSlot: "received_at" }] : []),
  ];
}

/** A row as one JSON object. */
export function rowObject(query: ShownFields): FragmentSqlToken {
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
