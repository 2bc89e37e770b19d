import { type CommonQueryMethods, sql } from "slonik";
import { z } from "zod";

const dumpSize = z.object({ channels: z.int(), rows: z.coerce.number().int() });

/** How many live channels there are, and how many rows they have, by the counters. */
export function selectDumpSize(connection: CommonQueryMethods) {
  return connection.one(sql.type(dumpSize)`
    select count(distinct c.id)::integer as channels, coalesce(sum(s.row_count), 0)::bigint as rows
    from kronicle.channel c
    left join kronicle.channel_stats s on s.channel = c.id
    where c.deleted_at is null
  `);
}
