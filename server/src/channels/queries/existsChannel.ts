import { type CommonQueryMethods, sql } from "slonik";
import { z } from "zod";

/** Whether there is any live channel. */
export function existsChannel(connection: CommonQueryMethods): Promise<boolean> {
  return connection.exists(sql.type(z.object({}))`select from kronicle.channel c where c.deleted_at is null`);
}
