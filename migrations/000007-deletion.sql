-- Deleting, for the admin lane only. Rows are deleted nowhere else, and never without an audit entry.

-- Marks a channel as deleted; its rows are purged later. Returns false when it is gone already or has another version.
create function kronicle.delete_channel(channel integer, version integer, actor text, request_id text)
returns boolean
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  deleted uuid;
begin
  perform pg_advisory_xact_lock(1263683150, delete_channel.channel);
  update kronicle.channel c
  set deleted_at = clock_timestamp()
  where c.id = delete_channel.channel and c.version = delete_channel.version and c.deleted_at is null
  returning c.channel_id into deleted;
  if deleted is null then
    return false;
  end if;
  perform kronicle.record_audit(actor, 'channel_deleted', deleted::text, request_id, null);
  return true;
end
$$;

-- Takes all rows from a channel at once: the definition moves to a new entry, and the old one is deleted with the rows.
-- Returns the internal id of the new entry, or null when the channel is gone.
create function kronicle.clear_channel(channel integer, actor text, request_id text)
returns integer
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  cleared integer;
  cleared_id uuid;
begin
  perform pg_advisory_xact_lock(1263683150, clear_channel.channel);
  update kronicle.channel c
  set deleted_at = clock_timestamp()
  where c.id = clear_channel.channel and c.deleted_at is null
  returning c.channel_id into cleared_id;
  if cleared_id is null then
    return null;
  end if;
  perform kronicle.record_audit(
    actor, 'rows_deleted', cleared_id::text, request_id,
    (select jsonb_build_object('rows', coalesce(sum(s.row_count), 0)) from kronicle.channel_stats s where s.channel = clear_channel.channel)
  );
  insert into kronicle.channel (
    channel_id, name, series_table, columns, channel_schema, column_info, metadata, tags, density, created_at, updated_at, version,
    schema_version
  )
  select
    c.channel_id, c.name, c.series_table, c.columns, c.channel_schema, c.column_info, c.metadata, c.tags, c.density, c.created_at,
    c.updated_at, c.version, c.schema_version
  from kronicle.channel c
  where c.id = clear_channel.channel
  returning id into cleared;
  return cleared;
end
$$;

-- Keeps appends out of a channel until the commit, and waits for those that are under way.
create function kronicle.lock_channel(channel integer)
returns void
language sql security definer
set search_path = pg_catalog, pg_temp
return pg_advisory_xact_lock(1263683150, channel);

-- Deletes these rows of a channel, whose times lie within the bounds, and counts them out. The channel has to be locked.
create function kronicle.delete_rows(
  channel integer, rows bigint[], low timestamptz, high timestamptz, actor text, request_id text
)
returns bigint
language plpgsql security definer
set search_path = pg_catalog, public, pg_temp
as $$
declare
  series_name text;
  channel_id uuid;
  deleted bigint;
  kept bigint;
  first_kept timestamptz;
  last_kept timestamptz;
begin
  perform pg_advisory_xact_lock(1263683150, delete_rows.channel);
  select t.table_name, c.channel_id into strict series_name, channel_id
  from kronicle.channel c
  join kronicle.series_table t on t.id = c.series_table
  where c.id = delete_rows.channel;

  -- Bounds as literals, so that only the chunks between them are opened.
  execute format(
    'delete from series.%I s where s._channel = $1 and s.time >= %L and s.time <= %L and s._row = any ($2)', series_name, low, high
  ) using delete_rows.channel, delete_rows.rows;
  get diagnostics deleted = row_count;
  perform kronicle.record_audit(actor, 'rows_deleted', channel_id::text, request_id, jsonb_build_object('rows', deleted));

  select sum(s.row_count) - deleted, min(s.first_time), max(s.last_time)
  into kept, first_kept, last_kept
  from kronicle.channel_stats s
  where s.channel = delete_rows.channel;
  delete from kronicle.channel_stats s where s.channel = delete_rows.channel;
  if kept > 0 then
    if low <= first_kept then
      execute format('select s.time from series.%I s where s._channel = $1 and s.time >= %L and s.time <= %L order by s.time limit 1', series_name, first_kept, last_kept)
      into strict first_kept using delete_rows.channel;
    end if;
    if high >= last_kept then
      execute format('select s.time from series.%I s where s._channel = $1 and s.time >= %L and s.time <= %L order by s.time desc limit 1', series_name, first_kept, last_kept)
      into strict last_kept using delete_rows.channel;
    end if;
    insert into kronicle.channel_stats (channel, slot, row_count, first_time, last_time)
    values (delete_rows.channel, 0, kept, first_kept, last_kept);
  end if;
  return deleted;
end
$$;

-- One step of freeing the storage of deleted channels: at most so many rows. Returns how many were freed, or null when there is nothing
-- left to do, or another server is at it.
create function kronicle.purge_deleted(most integer)
returns integer
language plpgsql security definer
set search_path = pg_catalog, public, pg_temp
as $$
declare
  doomed record;
  row_numbers bigint[];
  low timestamptz;
  high timestamptz;
  freed integer;
begin
  if not pg_try_advisory_xact_lock(hashtextextended('kronicle.purge_deleted', 0)) then
    return null;
  end if;
  select c.id, t.table_name, min(s.first_time) as first_time, max(s.last_time) as last_time
  into doomed
  from kronicle.channel c
  join kronicle.series_table t on t.id = c.series_table
  left join kronicle.channel_stats s on s.channel = c.id
  where c.deleted_at is not null
  group by c.id, t.table_name
  order by c.id
  limit 1;
  if not found then
    return null;
  end if;

  if doomed.first_time is not null then
    execute format(
      'select array_agg(d._row), min(d.time), max(d.time) from (
         select s._row, s.time from series.%I s
         where s._channel = $1 and s.time >= %L and s.time <= %L
         order by s.time
         limit $2
       ) d',
      doomed.table_name, doomed.first_time, doomed.last_time
    ) into row_numbers, low, high using doomed.id, most;
  end if;
  if row_numbers is null then
    delete from kronicle.channel c where c.id = doomed.id;
    return 0;
  end if;
  execute format(
    'delete from series.%I s where s._channel = $1 and s.time >= %L and s.time <= %L and s._row = any ($2)', doomed.table_name, low, high
  ) using doomed.id, row_numbers;
  get diagnostics freed = row_count;
  -- The rest begins here: what is freed need not be looked through again.
  update kronicle.channel_stats s set first_time = greatest(s.first_time, low) where s.channel = doomed.id;
  return freed;
end
$$;

revoke all on all functions in schema kronicle from public;
grant execute on function
  kronicle.delete_channel,
  kronicle.clear_channel,
  kronicle.lock_channel,
  kronicle.delete_rows,
  kronicle.purge_deleted
to {{admin}};
