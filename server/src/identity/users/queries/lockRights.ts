import { type CommonQueryMethods, sql } from "slonik";
import { z } from "zod";

/** Changes of rights follow one another until the transaction ends. */
export async function lockRights(transaction: CommonQueryMethods): Promise<void> {
  await transaction.query(sql.type(z.object({ lock: z.unknown() }))`
    select pg_advisory_xact_lock(hashtextextended('kronicle.user_account', 0)) as lock
  `);
}
