import { type CommonQueryMethods, sql } from "slonik";
import { z } from "zod";

/** Functions of TimescaleDB that work on chunks of others, and that everybody may execute: those that migration 8 takes from them. */
export function selectUnsafeFunctions(connection: CommonQueryMethods): Promise<readonly string[]> {
  return connection.anyFirst(sql.type(z.object({ name: z.string() }))`
    select distinct p.proname::text as name
    from pg_proc p
    join pg_namespace n on n.oid = p.pronamespace
    where n.nspname in ('_timescaledb_functions', '_timescaledb_internal')
      and p.proname in (
        'attach_osm_table_chunk', 'chunk_index_clone', 'chunk_index_replace', 'create_chunk', 'create_chunk_table',
        'create_compressed_chunk', 'drop_chunk', 'drop_osm_chunk', 'freeze_chunk', 'hypertable_osm_range_update',
        'recompress_chunk_segmentwise', 'remove_dropped_chunk_metadata', 'unfreeze_chunk'
      )
      and has_function_privilege('public', p.oid, 'execute')
    order by 1
  `);
}
