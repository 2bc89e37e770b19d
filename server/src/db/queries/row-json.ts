/** In charge of JSON that the database builds from the rows `p` of a page. */
import { type FragmentSqlToken, sql } from "slonik";
import type { Column } from "../../domain/channel-schema.ts";
import type { ColumnType } from "../../domain/column-type.ts";
import type { RowQuery } from "../../domain/row-query.ts";

/** A function of PostgreSQL takes at most 100 arguments. */
const MOST_ARGUMENTS = 90;

const JSON_OF_TYPE: Readonly<Record<ColumnType, (slot: FragmentSqlToken) => FragmentSqlToken>> = {
  float: (slot) => sql.fragment`${slot}::text`,
  int: (slot) => sql.fragment`${slot}::text`,
  bool: (slot) => sql.fragment`${slot}::text`,
  int64: (slot) => sql.fragment`'"' || ${slot} || '"'`,
  uuid: (slot) => sql.fragment`'"' || ${slot} || '"'`,
  datetime: (slot) => sql.fragment`'"' || kronicle.rfc3339(${slot}) || '"'`,
  str: (slot) => sql.fragment`to_json(${slot})::text`,
  dict: (slot) => sql.fragment`${slot}::text`,
  list: (slot) => sql.fragment`${slot}::text`,
};

export type RowField = { readonly name: string; readonly json: FragmentSqlToken };

/** The fields of a row in their order: `time`, the columns, and `received_at` if it is asked for. */
export function rowFields({ columns, hasReceivedAt }: RowQuery): RowField[] {
  return [
    { name: "time", json: sql.fragment`'"' || kronicle.rfc3339(p.time) || '"'` },
    ...columns.map((column) => ({ name: column.name, json: columnJson(column) })),
    ...(hasReceivedAt ? [{ name: "received_at", json: sql.fragment`'"' || kronicle.rfc3339(p.received_at) || '"'` }] : []),
  ];
}

function columnJson({ type, slot }: Column): FragmentSqlToken {
  return sql.fragment`coalesce(${JSON_OF_TYPE[type](sql.fragment`p.${sql.identifier([slot])}`)}, 'null')`;
}

/** A row as one JSON object. */
export function rowObject(query: RowQuery): FragmentSqlToken {
  const members = rowFields(query).flatMap(({ name, json }, index) => [
    sql.fragment`${`${index === 0 ? "{" : ","}${JSON.stringify(name)}:`}::text`,
    json,
  ]);
  return concat([...members, sql.fragment`'}'`]);
}

export function concat(parts: readonly FragmentSqlToken[]): FragmentSqlToken {
  if (parts.length <= MOST_ARGUMENTS) return sql.fragment`concat(${sql.join([...parts], sql.fragment`, `)})`;
  const groups = Array.from({ length: Math.ceil(parts.length / MOST_ARGUMENTS) }, (_, index) =>
    concat(parts.slice(index * MOST_ARGUMENTS, (index + 1) * MOST_ARGUMENTS)),
  );
  return concat(groups);
}
