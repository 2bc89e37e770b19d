import { type CommonQueryMethods, sql } from "slonik";
import { z } from "zod";

/**
 * Lets several statements see the database as it is when the first of them begins, whatever is committed meanwhile: one that goes where another
 * has found rows still finds them there.
 */
export function atOneMoment<T>(connection: CommonQueryMethods, read: (connection: CommonQueryMethods) => Promise<T>): Promise<T> {
  return connection.transaction(async (transaction) => {
    await transaction.query(sql.type(z.object({}))`set transaction isolation level repeatable read read only`);
    return read(transaction);
  });
}
