import { type CommonQueryMethods, sql } from "slonik";
import { z } from "zod";

/** Drops a series table that no channel has used for a while, once there are many. False when there is none to drop. */
export function dropUnusedSeriesTable(connection: CommonQueryMethods): Promise<boolean> {
  return connection.oneFirst(sql.type(z.object({ dropped: z.boolean() }))`
    select kronicle.drop_unused_series_table() as dropped
  `);
}
