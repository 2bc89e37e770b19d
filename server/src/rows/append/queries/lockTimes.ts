import { type CommonQueryMethods, sql } from "slonik";
import { z } from "zod";

/**
 * Waits until no other append that asks for it looks at the times of this channel, and keeps them off until the transaction ends. A statement of
 * its own, so that the next one sees what they have stored.
 */
export async function lockTimes(transaction: CommonQueryMethods, id: number): Promise<void> {
  await transaction.query(sql.type(z.object({}))`select from pg_advisory_xact_lock(1263683151, ${id}::integer)`);
}
