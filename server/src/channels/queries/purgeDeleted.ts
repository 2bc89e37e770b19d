import { type CommonQueryMethods, sql } from "slonik";
import { z } from "zod";

type PurgeStep =
  | { readonly kind: "freed"; readonly rows: number }
  /** Or another server is at it. */
  | { readonly kind: "nothing_left" };

/** Frees at most so many rows of deleted channels. */
export async function purgeDeleted(connection: CommonQueryMethods, maxRows: number): Promise<PurgeStep> {
  const rows = await connection.oneFirst(sql.type(z.object({ freed: z.int().nullable() }))`
    select kronicle.purge_deleted(${maxRows}::integer) as freed
  `);
  return rows === null ? { kind: "nothing_left" } : { kind: "freed", rows };
}
