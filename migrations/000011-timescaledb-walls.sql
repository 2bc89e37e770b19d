-- TimescaleDB lets everybody execute nearly all that it brings. Some of it does not ask who owns a chunk; `call merge_chunks(null, null)`, by
-- any login, ends the whole server (2.19.3). So only what queries, hypertables and the views of the extension need stays open to everybody,
-- and everything else is closed, whatever a version calls it: new versions bring new functions. Trigger functions and handlers stay, for
-- nobody can call them. Large objects and temporary tables, which no lane needs, are closed as well.
--
-- Only whoever owns a function can close it, mostly a superuser. Where the migrations run as another login, a superuser has to run this file
-- once, and again after each update of the extension; `kronicle doctor` names what is open. The owner of the database keeps what is closed to
-- others, but for merge_chunks.
do $$
declare
  open_function record;
  keeper name;
begin
  for open_function in
    select p.oid::regprocedure as signature, p.proname
    from pg_proc p
    join pg_namespace n on n.oid = p.pronamespace
    where has_function_privilege('public', p.oid, 'execute')
      and pg_has_role(current_user, p.proowner, 'usage')
      and (
        (n.nspname = 'pg_catalog' and p.proname ~ '^(lo_(close|creat|create|export|from_bytea|get|import|lseek|lseek64|open|put|tell|tell64|truncate|truncate64|unlink)|loread|lowrite)$')
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
          and p.prorettype <> all (
            array['trigger', 'event_trigger', 'index_am_handler', 'table_am_handler']::regtype[]
          )
          and p.proname !~ '^(time_bucket.*|first|last|histogram|interpolate|locf|create_hypertable|by_range|by_hash|drop_chunks|show_chunks|.*_(s|ff|final|combine|serialize|deserialize)func|finalize_agg|partialize_agg|(compressed_data|dimension_info|bloom1).*|to_(timestamp|timestamp_without_timezone|date|interval|unix_microseconds)|time_to_internal|interval_to_usec|subtract_integer_from_now|get_partition_(for_key|hash)|range_value_to_pretty|cagg_watermark|cagg_watermark_materialized|chunk_id_from_relid|chunk_status|.*uuid.*)$'
        )
      )
  loop
    if open_function.proname <> 'merge_chunks' then
      for keeper in
        select distinct r.rolname
        from pg_roles r
        where not r.rolsuper
          and r.oid in (
            select d.datdba from pg_database d where d.datname = current_database()
            union all
            select n.nspowner from pg_namespace n where n.nspname = 'kronicle'
          )
      loop
        execute format('grant execute on routine %s to %I', open_function.signature, keeper);
      end loop;
    end if;
    execute format('revoke execute on routine %s from public', open_function.signature);
  end loop;

  if has_database_privilege('public', current_database(), 'temporary')
    and exists (
      select from pg_database d where d.datname = current_database() and pg_has_role(current_user, d.datdba, 'usage')
    )
  then
    begin
      execute format('revoke temporary on database %I from public', current_database());
    exception when internal_error then
      -- The embedded build cannot lock the entry of the database it works in ("tuple concurrently deleted"). Nobody else shares it.
      update pg_database d
      set datacl = array[
        makeaclitem(0, d.datdba, 'CONNECT', false),
        makeaclitem(d.datdba, d.datdba, 'CREATE, TEMPORARY, CONNECT', false)
      ]
      where d.datname = current_database();
    end;
  end if;
end
$$;
