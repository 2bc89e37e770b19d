import { type CommonQueryMethods, sql } from "slonik";
import { z } from "zod";

const capabilities = z.object({
  postgresql: z.string(),
  timescaledb: z.string(),
  edition: z.string(),
  can_misuse_chunks: z.boolean(),
});

/** Versions, the edition, and whether another database role could drop chunks, or end the server by merging them. */
export function selectCapabilities(connection: CommonQueryMethods, otherRole: string) {
  return connection.one(sql.type(capabilities)`
    select
      split_part(current_setting('server_version'), ' ', 1) as postgresql,
      (select e.extversion from pg_extension e where e.extname = 'timescaledb') as timescaledb,
      current_setting('timescaledb.license') as edition,
      coalesce(
        (
          select bool_or(has_function_privilege(${otherRole}, p.oid, 'execute'))
          from pg_proc p
          join pg_namespace n on n.oid = p.pronamespace
          where (n.nspname in ('_timescaledb_functions', '_timescaledb_internal') and p.proname = 'drop_chunk')
            or p.proname = 'merge_chunks'
        ),
        false
      ) as can_misuse_chunks
  `);
}
