import { type CommonQueryMethods, sql } from "slonik";
import { z } from "zod";

/** The numbers of the migrations that were applied; none when the database has never been Kronicle's. */
export async function selectMigrations(connection: CommonQueryMethods): Promise<readonly number[]> {
  const exists = await connection.oneFirst(
    sql.type(z.object({ exists: z.boolean() }))`select to_regclass('kronicle.migration') is not null as exists`,
  );
  return exists
    ? connection.anyFirst(sql.type(z.object({ id: z.int() }))`select m.id from kronicle.migration m order by m.id`)
    : [];
}
