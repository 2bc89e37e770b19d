import { type CommonQueryMethods, sql } from "slonik";
import { z } from "zod";
import type { Author } from "../../../audit/author.ts";
import type { RowKeys } from "./selectRowKeys.ts";

/** Deletes these rows of a locked channel, and returns how many there were. */
export function deleteRows(
  transaction: CommonQueryMethods,
  id: number,
  { rows, low, high }: RowKeys,
  { actor, requestId }: Author,
): Promise<number> {
  return transaction.oneFirst(sql.type(z.object({ deleted: z.coerce.number().int() }))`
    select kronicle.delete_rows(
      ${id}::integer, ${sql.array([...rows], "int8")}, ${low}::timestamptz, ${high}::timestamptz, ${actor}::text, ${requestId}::text
    ) as deleted
  `);
}
