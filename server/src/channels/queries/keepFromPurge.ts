import { type CommonQueryMethods, sql } from "slonik";
import { z } from "zod";

const LOCK_TIMEOUT = "10s";

/**
 * Keeps the janitors of all servers from purging what is marked as deleted, as long as this session lasts. Waits for one that is at it.
 *
 * @throws an error with SQLSTATE.lockNotAvailable when another session holds on to it, which only a restore does.
 */
export async function keepFromPurge(connection: CommonQueryMethods): Promise<void> {
  await connection.query(
    sql.type(z.object({ set: z.unknown() }))`select set_config('lock_timeout', ${LOCK_TIMEOUT}::text, false) as set`,
  );
  await connection.query(sql.type(z.object({ lock: z.unknown() }))`
    select pg_advisory_lock(hashtextextended('kronicle.purge_deleted', 0)) as lock
  `);
  await connection.query(sql.type(z.object({ set: z.unknown() }))`select set_config('lock_timeout', '0', false) as set`);
}
