-- Some functions of TimescaleDB work on chunks without asking who owns them, and everybody may execute them: any lane could drop the rows of
-- any channel. Their list differs between versions, so they are looked up. Only a superuser can do this; where the migrations run as another
-- login, a superuser has to do it once, as the README says, and /setup/v1/capabilities tells whether it was done.
do $$
declare
  unsafe regprocedure;
begin
  for unsafe in
    select p.oid::regprocedure
    from pg_proc p
    where p.pronamespace in (select n.oid from pg_namespace n where n.nspname in ('_timescaledb_functions', '_timescaledb_internal'))
      and p.proname in (
        'attach_osm_table_chunk', 'chunk_index_clone', 'chunk_index_replace', 'create_chunk', 'create_chunk_table', 'create_compressed_chunk',
        'drop_chunk', 'drop_osm_chunk', 'freeze_chunk', 'hypertable_osm_range_update', 'recompress_chunk_segmentwise',
        'remove_dropped_chunk_metadata', 'unfreeze_chunk'
      )
      and has_function_privilege('public', p.oid, 'execute')
  loop
    execute format('revoke execute on routine %s from public', unsafe);
  end loop;
end
$$;
