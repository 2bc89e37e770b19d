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
