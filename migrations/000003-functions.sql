-- What the lanes may do beyond plain SELECT and INSERT. All of these run with the rights of the owner, so each checks what it is given.

-- RFC 3339 in UTC: no fraction, or exactly six digits.
create function kronicle.rfc3339(t timestamptz)
returns text
language sql stable parallel safe
return to_char(
  t at time zone 'UTC',
  case when date_trunc('second', t) = t then 'YYYY-MM-DD"T"HH24:MI:SS"Z"' else 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"' end
);

-- Finds or makes the hypertable whose typed slots hold the needed columns, such as {"float8": 3, "text": 1}.
-- Counts are rounded up to powers of two, so that few tables serve many layouts. At most 256 tables are made; past that a
-- channel goes to the narrowest table that it fits into, and if there is none, SQLSTATE KR001 says so.
create function kronicle.ensure_series_table(needed jsonb, days integer)
returns integer
language plpgsql security definer
set search_path = pg_catalog, public, pg_temp
as $$
declare
  slot_types constant text[] := array['bool', 'float8', 'int8', 'jsonb', 'text', 'timestamptz', 'uuid'];
  table_limit constant integer := 256;
  rounded jsonb;
  found integer;
  made kronicle.series_table;
  slot_columns text;
  slot_names text;
begin
  if days not in (1, 30, 3650) then
    raise exception 'unknown chunk interval: % days', days using errcode = '22023';
  end if;
  if exists (select from jsonb_each_text(needed) n where n.key <> all (slot_types) or n.value::integer not between 1 and 256) then
    raise exception 'unknown slots: %', needed using errcode = '22023';
  end if;

  select coalesce(jsonb_object_agg(n.key, power(2, ceil(log(2, n.value::numeric)))::integer), '{}')
  into rounded
  from jsonb_each_text(needed) n;

  select t.id into found from kronicle.series_table t where t.slots = rounded and t.chunk_days = days order by t.id limit 1;
  if found is not null then
    return found;
  end if;

  perform pg_advisory_xact_lock(hashtextextended('kronicle.series_table', 0));
  select t.id into found from kronicle.series_table t where t.slots = rounded and t.chunk_days = days order by t.id limit 1;
  if found is not null then
    return found;
  end if;

  if (select count(*) from kronicle.series_table) >= table_limit then
    select t.id into found
    from kronicle.series_table t
    where t.chunk_days = days
      and not exists (
        select from jsonb_each_text(needed) n where coalesce((t.slots ->> n.key)::integer, 0) < n.value::integer
      )
    order by (select sum(s.value::integer) from jsonb_each_text(t.slots) s), t.id
    limit 1;
    if found is null then
      raise exception 'the limit of % series tables is reached', table_limit using errcode = 'KR001';
    end if;
    return found;
  end if;

  insert into kronicle.series_table (slots, chunk_days) values (rounded, days) returning * into made;

  select
    string_agg(format(', %s_%s %s', s.key, n, s.key), '' order by s.key, n),
    string_agg(format(', %s_%s', s.key, n), '' order by s.key, n)
  into slot_columns, slot_names
  from jsonb_each_text(rounded) s, generate_series(1, s.value::integer) n;

  execute format(
    'create table series.%I (
       _channel integer not null,
       time timestamptz not null,
       _row bigint generated always as identity,
       received_at timestamptz not null default now()%s
     )',
    made.table_name, slot_columns
  );
  perform create_hypertable(
    format('series.%I', made.table_name)::regclass,
    by_range('time', make_interval(days => days)),
    create_default_indexes => false
  );
  execute format('create index on series.%I (_channel, time, _row)', made.table_name);
  execute format('grant select on series.%I to {{reader}}, {{writer}}, {{admin}}', made.table_name);
  -- An export has to know where the rows end that were there at its start.
  execute format('grant select on sequence series.%I to {{reader}}, {{writer}}, {{admin}}', made.table_name || '__row_seq');
  -- Column by column: nobody but the database itself sets _row and received_at.
  execute format('grant insert (_channel, time%s) on series.%I to {{writer}}', slot_names, made.table_name);
  return made.id;
end
$$;

-- Gives a series table slots of a type until it has so many, rounded up to a power of two. New columns are null, so no row is touched.
-- Returns all its slots.
create function kronicle.widen_series_table(series_table integer, slot_type text, needed integer)
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
  for number in present + 1 .. wanted loop
    execute format('alter table series.%I add column %s_%s %s', widened.table_name, slot_type, number, slot_type);
    execute format('grant insert (%s_%s) on series.%I to {{writer}}', slot_type, number, widened.table_name);
  end loop;
  update kronicle.series_table t
  set slots = t.slots || jsonb_build_object(slot_type, greatest(present, wanted))
  where t.id = widened.id
  returning t.slots into widened.slots;
  return widened.slots;
end
$$;

-- Returns null, and stores nothing, when a live channel has this id or name.
create function kronicle.insert_channel(
  channel_id uuid, name text, series_table integer, columns jsonb, channel_schema json,
  column_info jsonb, metadata jsonb, tags jsonb, density text
)
returns integer
language sql security definer
set search_path = pg_catalog, pg_temp
begin atomic
  insert into kronicle.channel (
    channel_id, name, series_table, columns, channel_schema, column_info, metadata, tags, density
  )
  values (
    coalesce(insert_channel.channel_id, gen_random_uuid()), insert_channel.name, insert_channel.series_table,
    insert_channel.columns, insert_channel.channel_schema, insert_channel.column_info, insert_channel.metadata,
    insert_channel.tags, insert_channel.density
  )
  on conflict do nothing
  returning id;
end;

-- Replaces each label that is not null. Returns the version, which stays the same when nothing changes; null when the channel is gone.
create function kronicle.update_channel_labels(channel integer, column_info jsonb, metadata jsonb, tags jsonb)
returns integer
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
  found_version integer;
begin
  update kronicle.channel c
  set
    column_info = coalesce(update_channel_labels.column_info, c.column_info),
    metadata = coalesce(update_channel_labels.metadata, c.metadata),
    tags = coalesce(update_channel_labels.tags, c.tags),
    updated_at = now(),
    version = c.version + 1
  where c.id = update_channel_labels.channel
    and c.deleted_at is null
    and (c.column_info, c.metadata, c.tags) is distinct from (
      coalesce(update_channel_labels.column_info, c.column_info),
      coalesce(update_channel_labels.metadata, c.metadata),
      coalesce(update_channel_labels.tags, c.tags)
    );
  select c.version into found_version
  from kronicle.channel c
  where c.id = update_channel_labels.channel and c.deleted_at is null;
  return found_version;
end
$$;

-- Counts the rows of some appends in, each given by its place in the arrays, and returns the version and the new totals of each channel.
-- Counters are written in key order: two sessions that share a slot then wait for each other, and never in a circle.
--
-- Called last in a statement that stores rows. It shares a lock on each channel with other appends until the commit; whoever deletes
-- rows or changes columns takes that lock alone, so it sees every row that is or will be acknowledged. An append that comes after such
-- a change has written by the old columns: it is undone with SQLSTATE KR002. One that comes while a change is under way is undone with
-- KR003, and never waits: it would keep a connection, and everything that is stored by the same statement, waiting with it.
create function kronicle.add_to_stats(
  channels integer[], schema_versions integer[], row_counts bigint[], first_times timestamptz[], last_times timestamptz[]
)
returns table (channel integer, version integer, row_count bigint, first_time timestamptz, last_time timestamptz)
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
begin
  if not (
    select bool_and(pg_try_advisory_xact_lock_shared(1263683150, a.channel))
    from (select distinct u.channel from unnest(channels) u (channel)) a
  ) then
    raise exception 'a channel is being changed' using errcode = 'KR003';
  end if;
  if exists (
    select
    from unnest(channels, schema_versions) a (channel, schema_version)
    left join kronicle.channel c on c.id = a.channel and c.deleted_at is null and c.schema_version = a.schema_version
    where c.id is null
  ) then
    raise exception 'a channel was changed or deleted meanwhile' using errcode = 'KR002';
  end if;

  insert into kronicle.channel_stats as s (channel, slot, row_count, first_time, last_time)
  select a.channel, pg_backend_pid() % 16, sum(a.row_count), min(a.first_time), max(a.last_time)
  from unnest(channels, row_counts, first_times, last_times) as a (channel, row_count, first_time, last_time)
  group by a.channel
  order by a.channel
  on conflict (channel, slot) do update
  set
    row_count = s.row_count + excluded.row_count,
    first_time = least(s.first_time, excluded.first_time),
    last_time = greatest(s.last_time, excluded.last_time);

  return query
  select s.channel, c.version, sum(s.row_count)::bigint, min(s.first_time), max(s.last_time)
  from kronicle.channel_stats s
  join kronicle.channel c on c.id = s.channel
  where s.channel = any (channels)
  group by s.channel, c.version;
end
$$;
