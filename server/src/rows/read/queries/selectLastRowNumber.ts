import { type CommonQueryMethods, sql } from "slonik";
import { z } from "zod";

/** The number of the row that was stored last in a series table, as text: it is a bigint. */
export function selectLastRowNumber(connection: CommonQueryMethods, tableName: string): Promise<string> {
  return connection.oneFirst(sql.type(z.object({ last: z.string() }))`
    select q.last_value::text as last
    from ${sql.identifier(["series", `${tableName}__row_seq`])} q
  `);
}
