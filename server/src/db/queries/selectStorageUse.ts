import { type CommonQueryMethods, sql } from "slonik";
import { z } from "zod";

/** As in kronicle.ensure_series_table. */
export const MAX_SERIES_TABLES = 256;

const storageUse = z.object({ tables: z.int(), most_chunks: z.int() });

/** How many series tables there are, and how many chunks the one with the most of them has. */
export function selectStorageUse(connection: CommonQueryMethods) {
  return connection.one(sql.type(storageUse)`
    select
      (select count(*) from pg_class c where c.relnamespace = to_regnamespace('series') and c.relkind = 'r')::integer as tables,
      coalesce(
        (select max(h.num_chunks) from timescaledb_information.hypertables h where h.hypertable_schema = 'series'),
        0
      )::integer as most_chunks
  `);
}
