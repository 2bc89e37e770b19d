import { type CommonQueryMethods, sql } from "slonik";
import { z } from "zod";

/** Frees at most so many rows of deleted channels. Null when there is nothing left, or another server is at it. */
export function purgeDeleted(connection: CommonQueryMethods, most: number): Promise<number | null> {
  return connection.oneFirst(sql.type(z.object({ freed: z.int().nullable() }))`
    select kronicle.purge_deleted(${most}::integer) as freed
  `);
}
