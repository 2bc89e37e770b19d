import { type CommonQueryMethods, sql } from "slonik";
import { z } from "zod";
import type { Owner } from "../open-owner.ts";

/** Reads the database as it was at one moment. */
export type Snapshot = <T>(read: (connection: CommonQueryMethods) => Promise<T>) => Promise<T>;

const nothing = z.object({});

/**
 * Lets the work see the database as it is now, however long it takes. Each read is a transaction of its own on a shared snapshot: one long
 * transaction would keep a lock on every chunk that it has met, and run out of them.
 */
export function withSnapshot<T>({ kind, pool }: Owner, work: (snapshot: Snapshot) => Promise<T>): Promise<T> {
  // The embedded database belongs to this process, so nobody else changes it.
  if (kind === "embedded") return work((read) => pool.connect(read));
  return pool.transaction(async (keeper) => {
    // It does nothing from here on.
    await keeper.query(sql.type(nothing)`set local idle_in_transaction_session_timeout = 0`);
    const id = await keeper.oneFirst(sql.type(z.object({ id: z.string() }))`select pg_export_snapshot() as id`);
    return work((read) =>
      pool.transaction(async (reader) => {
        await reader.query(sql.type(nothing)`set transaction isolation level repeatable read read only`);
        await reader.query(sql.type(nothing)`set transaction snapshot ${sql.literalValue(id)}`);
        return read(reader);
      }),
    );
  });
}
