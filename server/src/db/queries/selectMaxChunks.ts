import { type CommonQueryMethods, sql } from "slonik";
import { z } from "zod";

/** How many chunks the series table with the most of them has. */
export function selectMaxChunks(connection: CommonQueryMethods): Promise<number> {
  return connection.oneFirst(sql.type(z.object({ most: z.int() }))`
    select coalesce(max(h.num_chunks), 0)::integer as most
    from timescaledb_information.hypertables h
    where h.hypertable_schema = 'series'
  `);
}
