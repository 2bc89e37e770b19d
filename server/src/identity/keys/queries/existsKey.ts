import { type CommonQueryMethods, sql } from "slonik";
import { z } from "zod";

/** Whether there is any key at all. */
export function existsKey(connection: CommonQueryMethods): Promise<boolean> {
  return connection.exists(sql.type(z.object({}))`select from kronicle.api_key k`);
}
