import { type CommonQueryMethods, sql } from "slonik";
import { z } from "zod";

/**
 * Gives a locked channel another version of its schema: exports that are under way see by it that rows are gone, on every server, and break
 * off. Appends that know the version before read the definition again, and go on.
 */
export async function markRowsDeleted(transaction: CommonQueryMethods, id: number): Promise<void> {
  await transaction.query(sql.type(z.object({}))`
    update kronicle.channel c
    set schema_version = c.schema_version + 1
    where c.id = ${id}::integer
  `);
}
