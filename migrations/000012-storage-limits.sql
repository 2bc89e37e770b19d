-- What a writer wears out can be had back: rows are purged chunk by chunk, old chunks that are left empty go, and so do series tables that no
-- channel uses.

-- Since when no channel has used the table; null while one does. Ten minutes later it may go.
alter table kronicle.series_table add column unused_since timestamptz;

create index channel_series_table on kronicle.channel (series_table);

-- As before, and a table that went meanwhile is told like a channel that was changed: the caller looks again.
create or replace function kronicle.insert_channel(
  channel_id uuid, name text, series_table integer, columns jsonb, channel_schema json,
  column_info jsonb, metadata jsonb, tags jsonb, density text
)
returns integer
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
  made integer;
begin
  insert into kronicle.channel (
    channel_id, name, series_table, columns, channel_schema, column_info, metadata, tags, density
  )
  values (
    coalesce(insert_channel.channel_id, gen_random_uuid()), insert_channel.name, insert_channel.series_table,
    insert_channel.columns, insert_channel.channel_schema, insert_channel.column_info, insert_channel.metadata,
    insert_channel.tags, insert_channel.density
  )
  on conflict do nothing
  returning id into made;
  return made;
exception when foreign_key_violation then
  raise exception 'the series table is gone' using errcode = 'KR002';
end
$$;

-- As before, and a table with more chunks than can be locked together is refused with SQLSTATE KR004: a new column locks every chunk.
create or replace function kronicle.widen_series_table(series_table integer, slot_type text, needed integer)
returns jsonb
language plpgsql security definer
set search_path = pg_catalog, public, pg_temp
set lock_timeout = '5s'
as $$
declare
  widened kronicle.series_table;
  present integer;
  wanted constant integer := power(2, ceil(log(2, needed::numeric)));
begin
  if slot_type not in ('bool', 'float8', 'int8', 'jsonb', 'text', 'timestamptz', 'uuid') or needed not between 1 and 256 then
    raise exception 'unknown slots: % %', needed, slot_type using errcode = '22023';
  end if;
  select * into strict widened from kronicle.series_table t where t.id = widen_series_table.series_table for update;
  present := coalesce((widened.slots ->> slot_type)::integer, 0);
  begin
    for number in present + 1 .. wanted loop
      execute format('alter table series.%I add column %s_%s %s', widened.table_name, slot_type, number, slot_type);
      execute format('grant insert (%s_%s) on series.%I to {{writer}}', slot_type, number, widened.table_name);
    end loop;
  exception when out_of_memory then
    raise exception 'the series table has too many chunks' using errcode = 'KR004';
  end;
  update kronicle.series_table t
  set slots = t.slots || jsonb_build_object(slot_type, greatest(present, wanted))
  where t.id = widened.id
  returning t.slots into widened.slots;
  return widened.slots;
end
$$;

-- One step of freeing the storage of deleted channels: at most so many rows, out of a few chunks, each by a statement that touches no other:
-- a statement over all chunks of a table takes as many locks, and with thousands of them there are not enough. Returns how many rows were
-- freed, or null when there is nothing left to do, or another server is at it.
--
-- A chunk that is left empty, and is older than new rows usually are, goes when its table has many.
create or replace function kronicle.purge_deleted(most integer)
returns integer
language plpgsql security definer
set search_path = pg_catalog, public, pg_temp
as $$
declare
  chunks_in_step constant integer := 4;
  many_chunks constant integer := 128;
  doomed record;
  chunk record;
  row_numbers bigint[];
  high timestamptz;
  freed integer := 0;
  freed_here integer;
  is_empty boolean;
  done integer := 0;
  table_chunks bigint;
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

  select h.num_chunks into table_chunks
  from timescaledb_information.hypertables h
  where h.hypertable_schema = 'series' and h.hypertable_name = doomed.table_name;
  for chunk in
    select k.chunk_schema, k.chunk_name, k.range_start, k.range_end, count(*) over () as chunks
    from timescaledb_information.chunks k
    where k.hypertable_schema = 'series'
      and k.hypertable_name = doomed.table_name
      and k.range_end > doomed.first_time
      and k.range_start <= doomed.last_time
    order by k.range_start
    limit chunks_in_step
  loop
    -- Bounds as literals, so that only this chunk is opened.
    execute format(
      'select array_agg(d._row), max(d.time) from (
         select s._row, s.time from series.%I s
         where s._channel = $1 and s.time >= %L and s.time < %L
         order by s.time
         limit $2
       ) d',
      doomed.table_name, greatest(chunk.range_start, doomed.first_time), chunk.range_end
    ) into row_numbers, high using doomed.id, most - freed;
    if row_numbers is not null then
      execute format(
        'delete from series.%I s where s._channel = $1 and s.time >= %L and s.time <= %L and s._row = any ($2)',
        doomed.table_name, greatest(chunk.range_start, doomed.first_time), high
      ) using doomed.id, row_numbers;
      get diagnostics freed_here = row_count;
      freed := freed + freed_here;
    end if;
    if freed >= most then
      -- The rest begins here: what is freed need not be looked through again.
      update kronicle.channel_stats s set first_time = greatest(s.first_time, high) where s.channel = doomed.id;
      return freed;
    end if;

    if table_chunks > many_chunks and chunk.range_end < now() - interval '90 days' then
      begin
        -- Nobody is waited for, so nobody can wait in a circle.
        execute format('lock table %I.%I in access exclusive mode nowait', chunk.chunk_schema, chunk.chunk_name);
        execute format('select not exists (select from %I.%I)', chunk.chunk_schema, chunk.chunk_name) into is_empty;
        if is_empty then
          perform drop_chunks(
            format('series.%I', doomed.table_name)::regclass, older_than => chunk.range_end, newer_than => chunk.range_start
          );
          table_chunks := table_chunks - 1;
        end if;
      exception when lock_not_available then
        null;
      end;
    end if;
    update kronicle.channel_stats s set first_time = greatest(s.first_time, chunk.range_end) where s.channel = doomed.id;
    done := done + 1;
  end loop;
  if done = 0 or done = chunk.chunks then
    delete from kronicle.channel c where c.id = doomed.id;
  end if;
  return freed;
end
$$;

-- Drops one series table that no channel has used for ten minutes, once more than half of those that may be are made; returns whether it did.
-- An unused table is otherwise kept for the next channel of its layout.
create function kronicle.drop_unused_series_table()
returns boolean
language plpgsql security definer
set search_path = pg_catalog, public, pg_temp
set lock_timeout = '2s'
as $$
declare
  many_tables constant integer := 128;
  dropped kronicle.series_table;
begin
  if (select count(*) from kronicle.series_table) <= many_tables then
    return false;
  end if;
  -- One after the other with whoever makes a table.
  if not pg_try_advisory_xact_lock(hashtextextended('kronicle.series_table', 0)) then
    return false;
  end if;
  update kronicle.series_table t
  set unused_since = case when u.is_used then null else now() end
  from (
    select o.id, exists (select from kronicle.channel c where c.series_table = o.id) as is_used from kronicle.series_table o
  ) u
  where u.id = t.id and u.is_used is distinct from (t.unused_since is null);

  delete from kronicle.series_table t
  where t.id = (
    select o.id
    from kronicle.series_table o
    where o.unused_since < now() - interval '10 minutes'
      and not exists (select from kronicle.channel c where c.series_table = o.id)
    order by o.id
    limit 1
  )
  returning * into dropped;
  if dropped.id is null then
    return false;
  end if;
  execute format('drop table if exists series.%I', dropped.table_name);
  return true;
end
$$;

revoke all on function kronicle.drop_unused_series_table from public;
grant execute on function kronicle.drop_unused_series_table to {{admin}};
