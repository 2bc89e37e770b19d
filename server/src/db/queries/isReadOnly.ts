import { type CommonQueryMethods, sql } from "slonik";
import { z } from "zod";

/** Whether the database is a replica, which follows another and takes no writes. */
export function isReadOnly(connection: CommonQueryMethods): Promise<boolean> {
  return connection.oneFirst(sql.type(z.object({ read_only: z.boolean() }))`select pg_is_in_recovery() as read_only`);
}
