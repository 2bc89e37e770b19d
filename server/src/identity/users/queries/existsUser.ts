import { type CommonQueryMethods, sql } from "slonik";
import { z } from "zod";

/** Whether there is any user at all. */
export function existsUser(connection: CommonQueryMethods): Promise<boolean> {
  return connection.exists(sql.type(z.object({}))`select from kronicle.user_account u`);
}
