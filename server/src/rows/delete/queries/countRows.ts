import { type CommonQueryMethods, sql } from "slonik";
import { z } from "zod";
import type { RowSelection } from "../../read/row-query.ts";
import type { TimeWindow } from "../../read/scan-windows.ts";
import type { StoredChannel } from "../../../channels/queries/channel-definition.ts";
import { selectionConditions } from "../../read/queries/row-selection.ts";

/** How many rows a selection has. It looks at each of them: only for a dry run. */
export function countRows(
  connection: CommonQueryMethods,
  channel: StoredChannel,
  selection: RowSelection,
  window: TimeWindow,
): Promise<number> {
  return connection.oneFirst(sql.type(z.object({ count: z.coerce.number().int() }))`
    select count(*) as count
    from ${sql.identifier(["series", channel.table_name])} s
    where ${sql.join(selectionConditions(channel, selection, window), sql.fragment` and `)}
  `);
}
