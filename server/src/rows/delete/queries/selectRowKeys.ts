import { type CommonQueryMethods, sql } from "slonik";
import { z } from "zod";
import type { RowSelection } from "../../read/row-query.ts";
import type { TimeWindow } from "../../read/scan-windows.ts";
import type { StoredChannel } from "../../../channels/queries/channel-definition.ts";
import { selectionConditions } from "../../read/queries/row-selection.ts";

const rowKeys = z.object({ rows: z.array(z.string()), low: z.string().nullable(), high: z.string().nullable() });

/** Numbers of rows, as text, and the times they lie between. */
export type RowKeys = { readonly rows: readonly string[]; readonly low: string; readonly high: string };

/** The earliest rows of a selection, so many at most; null when there is none. */
export async function selectRowKeys(
  connection: CommonQueryMethods,
  channel: StoredChannel,
  selection: RowSelection,
  window: TimeWindow,
  most: number,
): Promise<RowKeys | null> {
  const { rows, low, high } = await connection.one(sql.type(rowKeys)`
    select
      coalesce(array_agg(k._row::text), '{}') as rows,
      kronicle.rfc3339(min(k.time)) as low,
      kronicle.rfc3339(max(k.time)) as high
    from (
      select s._row, s.time
      from ${sql.identifier(["series", channel.table_name])} s
      where ${sql.join(selectionConditions(channel, selection, window), sql.fragment` and `)}
      order by s.time
      limit ${most}::integer
    ) k
  `);
  return low === null || high === null ? null : { rows, low, high };
}
