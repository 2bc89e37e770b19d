import { type CommonQueryMethods, sql } from "slonik";
import { z } from "zod";

/** Keeps appends out of a channel until the transaction ends, and waits for those that are under way. */
export async function lockChannel(transaction: CommonQueryMethods, id: number): Promise<void> {
  await transaction.query(sql.type(z.object({}))`select from kronicle.lock_channel(${id}::integer)`);
}
