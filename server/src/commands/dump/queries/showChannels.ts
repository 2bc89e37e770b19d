import { type CommonQueryMethods, sql } from "slonik";
import { z } from "zod";

const nothing = z.object({});

/** The greatest number that was restored into each series table, by its name. */
export type LastRows = ReadonlyMap<string, number>;

/**
 * Lets hidden channels be seen, from the commit on and all at once. Before that, rows to come get numbers behind those that were restored:
 * whoever appends to such a table waits, or could draw a number meanwhile that is given again.
 */
export async function showChannels(transaction: CommonQueryMethods, ids: readonly number[], lastRows: LastRows): Promise<void> {
  for (const [table, last] of lastRows) {
    const sequence = sql.identifier(["series", `${table}__row_seq`]);
    await transaction.query(sql.type(nothing)`lock table only ${sql.identifier(["series", table])} in share row exclusive mode`);
    await transaction.query(sql.type(z.object({ setval: z.unknown() }))`
      select setval(${`series.${table}__row_seq`}::regclass, greatest(q.last_value, ${last}::bigint)) from ${sequence} q
    `);
  }
  await transaction.query(sql.type(nothing)`
    update kronicle.channel set deleted_at = null where id = any (${sql.array([...ids], "int4")})
  `);
}
