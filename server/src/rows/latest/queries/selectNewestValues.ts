import { type CommonQueryMethods, type FragmentSqlToken, sql } from "slonik";
import { z } from "zod";
import type { StoredChannel } from "../../../channels/queries/channel-definition.ts";
import type { Column } from "../../../columns/channel-schema.ts";
import { TYPE_SQL } from "../../../columns/queries/type-sql.ts";
import { plainTimes, selectionConditions } from "../../read/queries/row-selection.ts";
import type { RowQuery } from "../../read/row-query.ts";
import type { TimeWindow } from "../../read/scan-windows.ts";
import { newestFirst } from "./newest-first.ts";

const newestValue = z.object({ name: z.string(), json: z.string().nullable() });

/**
 * The newest value of each column of the query within the window, with its time, as JSON. Columns without one are left out. Those past so
 * many bytes together are null.
 */
export function selectNewestValues(
  connection: CommonQueryMethods,
  channel: StoredChannel,
  query: RowQuery,
  window: TimeWindow,
  maxBytes: number,
): Promise<readonly z.infer<typeof newestValue>[]> {
  const conditions = sql.fragment`${sql.join(selectionConditions(channel, query, window), sql.fragment` and `)}`;
  const values = query.columns.map((column) => newestOf(column, channel, conditions));
  return connection.any(sql.type(newestValue)`
    select v.name, case when v.bytes <= ${maxBytes}::bigint then v.json end as json
    from (
      select u.*, sum(octet_length(u.json)::double precision) over (rows unbounded preceding) as bytes
      from (${sql.join(values, sql.fragment` union all `)}) u
    ) v
  `);
}

function newestOf(column: Column, { table_name }: StoredChannel, conditions: FragmentSqlToken): FragmentSqlToken {
  const slot = sql.fragment`s.${sql.identifier([column.slot])}`;
  return sql.fragment`(
    select
      ${column.name}::text as name,
      '{"time":' || ${TYPE_SQL.datetime.json("time")} || ',"value":' || ${TYPE_SQL[column.type].json(column.slot)} || '}' as json
    from (
      select q.*, ${plainTimes({ columns: [column], hasReceivedAt: false })}
      from (
        select s.time, ${slot}
        from ${sql.identifier(["series", table_name])} s
        where ${conditions} and ${slot} is not null
        ${newestFirst}
        limit 1
      ) q
    ) p
  )`;
}
