import { type CommonQueryMethods, sql } from "slonik";
import { z } from "zod";

/** What everybody may execute of TimescaleDB: what queries, hypertables and the views of the extension need. As in migration 11. */
export const OPEN_FUNCTIONS =
  "^(time_bucket.*|first|last|histogram|interpolate|locf|create_hypertable|by_range|by_hash|drop_chunks|show_chunks|.*_(s|ff|final|combine|serialize|deserialize)func|finalize_agg|partialize_agg|(compressed_data|dimension_info|bloom1).*|to_(timestamp|timestamp_without_timezone|date|interval|unix_microseconds)|time_to_internal|interval_to_usec|subtract_integer_from_now|get_partition_(for_key|hash)|range_value_to_pretty|cagg_watermark|cagg_watermark_materialized|chunk_id_from_relid|chunk_status|.*uuid.*)$";

/** Functions for large objects, which no lane needs. As in migration 11. */
export const LARGE_OBJECT_FUNCTIONS =
  "^(lo_(close|creat|create|export|from_bytea|get|import|lseek|lseek64|open|put|tell|tell64|truncate|truncate64|unlink)|loread|lowrite)$";

/** What this role, or everybody, may execute of what migration 11 closes: the names, in alphabetical order. */
export function selectUnsafeFunctions(connection: CommonQueryMethods, role = "public"): Promise<readonly string[]> {
  return connection.anyFirst(sql.type(z.object({ name: z.string() }))`
    select distinct p.proname::text as name
    from pg_proc p
    join pg_namespace n on n.oid = p.pronamespace
    where has_function_privilege(${role}::text, p.oid, 'execute')
      and (
        (n.nspname = 'pg_catalog' and p.proname ~ ${LARGE_OBJECT_FUNCTIONS}::text)
        or (
          exists (
            select
            from pg_depend d
            join pg_extension e on e.oid = d.refobjid
            where d.classid = 'pg_proc'::regclass
              and d.objid = p.oid
              and d.refclassid = 'pg_extension'::regclass
              and d.deptype = 'e'
              and e.extname = 'timescaledb'
          )
          and p.prorettype <> all (array['trigger', 'event_trigger', 'index_am_handler', 'table_am_handler']::regtype[])
          and p.proname !~ ${OPEN_FUNCTIONS}::text
        )
      )
    order by 1
  `);
}
