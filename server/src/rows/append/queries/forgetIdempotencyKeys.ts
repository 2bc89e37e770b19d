import { type CommonQueryMethods, sql } from "slonik";
import { z } from "zod";

/** Forgets at most so many keys that are older than a day, and returns how many. */
export function forgetIdempotencyKeys(connection: CommonQueryMethods, maxKeys: number): Promise<number> {
  return connection.oneFirst(sql.type(z.object({ forgotten: z.int() }))`
    select kronicle.forget_idempotency_keys(${maxKeys}::integer) as forgotten
  `);
}
