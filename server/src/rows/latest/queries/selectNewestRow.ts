import { type CommonQueryMethods, sql } from "slonik";
import { z } from "zod";
import type { StoredChannel } from "../../../channels/queries/channel-definition.ts";
import { timeToGoOn } from "../../../columns/queries/time-sql.ts";
import { rowObject } from "../../read/queries/row-json.ts";
import { plainTimes, selectionConditions } from "../../read/queries/row-selection.ts";
import type { RowQuery } from "../../read/row-query.ts";
import type { TimeWindow } from "../../read/scan-windows.ts";
import { newestFirst, timeOfRow } from "./newest-first.ts";

const newestRow = z.object({ json: z.string(), time: timeOfRow });

/** A row as JSON, with its time. */
export type NewestRow = z.infer<typeof newestRow>;

/** The newest row of the window that fulfils the filters of the query; null when there is none. */
export function selectNewestRow(
  connection: CommonQueryMethods,
  channel: StoredChannel,
  query: RowQuery,
  window: TimeWindow,
): Promise<NewestRow | null> {
  const fields = [sql.fragment`s.time`, ...query.columns.map(({ slot }) => sql.fragment`s.${sql.identifier([slot])}`)];
  return connection.maybeOne(sql.type(newestRow)`
    select ${rowObject(query)} as json, ${timeToGoOn(sql.fragment`p.time`)} as time
    from (
      select q.*, ${plainTimes(query)}
      from (
        select ${sql.join(fields, sql.fragment`, `)}
        from ${sql.identifier(["series", channel.table_name])} s
        where ${sql.join(selectionConditions(channel, query, window), sql.fragment` and `)}
        ${newestFirst}
        limit 1
      ) q
    ) p
  `);
}
