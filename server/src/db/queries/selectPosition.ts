import { type CommonQueryMethods, sql } from "slonik";
import type { RowQuery } from "../../domain/row-query.ts";
import type { StoredChannel } from "./channel-definition.ts";
import { endFields, pageEnd, type RowPosition, sortFields } from "./row-selection.ts";

/** A row by what never changes of it. */
export type RowPlace = { readonly time: string; readonly row: string };

/** Where this row stands in the order of the query; null when it is not there any more. */
export async function selectPosition(
  connection: CommonQueryMethods,
  channel: StoredChannel,
  query: RowQuery,
  { time, row }: RowPlace,
): Promise<RowPosition | null> {
  const { found, end_keys } = await connection.one(sql.type(pageEnd)`
    select ${endFields(query, sql.fragment`1`, sql.fragment`1`)}
    from (
      select 1 as n, s.time, s._row, ${sql.join(sortFields(query), sql.fragment`, `)}
      from ${sql.identifier(["series", channel.table_name])} s
      where s._channel = ${channel.id}::integer and s.time = ${time}::timestamptz and s._row = ${row}::bigint
    ) p
  `);
  return found === 0 ? null : { keys: end_keys, row };
}
