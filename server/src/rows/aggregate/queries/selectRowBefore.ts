import { sql } from "slonik";
import { z } from "zod";
import { timeToGoOn } from "../../../columns/queries/time-sql.ts";
import { parseInstant } from "../../../formats/instant.ts";
import { pageEnd } from "../../read/queries/page-end.ts";
import { selectionConditions, type SelectPage } from "../../read/queries/row-selection.ts";

const rowBefore = pageEnd.extend({
  time: z
    .string()
    .nullable()
    .transform((text) => text && parseInstant(text)),
  value: z.string().nullable(),
});

/**
 * The last row of a window, the last to arrive where times are equal, and the value of the one column that the query has, as text. A page of
 * none and one more, so that wider windows are tried until there is one.
 */
export const selectRowBefore: SelectPage<z.infer<typeof rowBefore>> = (connection, channel, query, { window }) => {
  const [column] = query.columns;
  const value = column ? sql.fragment`s.${sql.identifier([column.slot])}::text` : sql.fragment`null::text`;
  return connection.one(sql.type(rowBefore)`
    select count(*) as found, 0 as most, null as "end", max(${timeToGoOn(sql.fragment`p.time`)}) as time, max(p.value) as value
    from (
      select s.time, ${value} as value
      from ${sql.identifier(["series", channel.table_name])} s
      where ${sql.join(selectionConditions(channel, query, window), sql.fragment` and `)}
      order by s.time desc, s._row desc
      limit 1
    ) p
  `);
};
