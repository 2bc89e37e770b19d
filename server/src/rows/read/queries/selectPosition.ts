import { type CommonQueryMethods, sql } from "slonik";
import { timeLiteral } from "../../../columns/queries/time-sql.ts";
import type { RowPlace } from "../row-filter.ts";
import type { RowQuery } from "../row-query.ts";
import type { StoredChannel } from "../../../channels/queries/channel-definition.ts";
import { endFields, pageEnd } from "./page-end.ts";
import { type RowPosition, sortFields } from "./row-selection.ts";

/** Where this row stands in the order of the query; null when it is not there any more. */
export async function selectPosition(
  connection: CommonQueryMethods,
  channel: StoredChannel,
  query: RowQuery,
  { time, row }: RowPlace,
): Promise<RowPosition | null> {
  const conditions = [
    sql.fragment`s._channel = ${channel.id}::integer`,
    sql.fragment`s.time = ${timeLiteral(time)}`,
    sql.fragment`s._row = ${row}::bigint`,
  ];
  const { end } = await connection.one(sql.type(pageEnd)`
    select ${endFields(query, sql.fragment`1`, sql.fragment`1`)}
    from (
      select 1 as n, s.time, s._row, ${sql.join(sortFields(query), sql.fragment`, `)}
      from ${sql.identifier(["series", channel.table_name])} s
      where ${sql.join(conditions, sql.fragment` and `)}
    ) p
  `);
  return end && { keys: end.keys, row };
}
