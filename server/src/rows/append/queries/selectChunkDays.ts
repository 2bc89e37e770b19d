import { type CommonQueryMethods, sql } from "slonik";
import { z } from "zod";

/** The days since 1970-01-01 on which the chunks of a series table begin. */
export async function selectChunkDays(connection: CommonQueryMethods, tableName: string): Promise<readonly number[]> {
  return connection.anyFirst(sql.type(z.object({ day: z.int() }))`
    select floor(extract(epoch from k.range_start) / 86400)::integer as day
    from timescaledb_information.chunks k
    where k.hypertable_schema = 'series' and k.hypertable_name = ${tableName}
  `);
}

/**
 * How many chunks a series table may have before rows of the past get no new ones. A statement over all of a table takes two locks for each
 * chunk: that shall be a quarter of all locks at most. Ten years to a chunk make 1,001 of all the time that there is, and are never refused.
 */
export function selectMaxTableChunks(connection: CommonQueryMethods): Promise<number> {
  return connection.oneFirst(sql.type(z.object({ chunks: z.int() }))`
    select greatest(
      1024,
      current_setting('max_locks_per_transaction')::integer
        * (current_setting('max_connections')::integer + current_setting('max_prepared_transactions')::integer)
        / 8
    ) as chunks
  `);
}
