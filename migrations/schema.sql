-- Made by `pnpm schema:dump` from the files beside it; do not edit.
--
-- PostgreSQL database dump
--

SET statement_timeout = 0;
SET lock_timeout = 0;
SET idle_in_transaction_session_timeout = 0;
SET transaction_timeout = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);
SET check_function_bodies = false;
SET xmloption = content;
SET client_min_messages = warning;
SET row_security = off;

--
-- Name: kronicle; Type: SCHEMA; Schema: -; Owner: -
--

CREATE SCHEMA kronicle;

--
-- Name: series; Type: SCHEMA; Schema: -; Owner: -
--

CREATE SCHEMA series;

--
-- Name: add_to_stats(integer[], integer[], bigint[], timestamp with time zone[], timestamp with time zone[]); Type: FUNCTION; Schema: kronicle; Owner: -
--

CREATE FUNCTION kronicle.add_to_stats(channels integer[], schema_versions integer[], row_counts bigint[], first_times timestamp with time zone[], last_times timestamp with time zone[]) RETURNS TABLE(channel integer, version integer, row_count bigint, first_time timestamp with time zone, last_time timestamp with time zone)
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
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

--
-- Name: analyze_channels(); Type: FUNCTION; Schema: kronicle; Owner: -
--

CREATE FUNCTION kronicle.analyze_channels() RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
begin
  if not exists (
    select from pg_class c
    where c.oid = 'kronicle.channel'::regclass
      and pg_relation_size(c.oid) / current_setting('block_size')::integer > 1.1 * c.relpages + 5
  ) then
    return false;
  end if;
  analyze kronicle.channel;
  return true;
end
$$;

--
-- Name: claim_keys(bytea[]); Type: FUNCTION; Schema: kronicle; Owner: -
--

CREATE FUNCTION kronicle.claim_keys(key_hashes bytea[]) RETURNS TABLE(place bigint, is_claimed boolean, fingerprint bytea, channel integer, is_created boolean, inserted_rows integer, available_rows bigint, requested_at timestamp with time zone, provided_rows integer, rejected_rows integer, faults jsonb, schema_version integer)
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
#variable_conflict use_column
declare
  claimed boolean[];
begin
  select array_agg(pg_try_advisory_xact_lock(('x' || encode(substr(k.key_hash, 1, 8), 'hex'))::bit(64)::bigint) order by k.place)
  into claimed
  from unnest(key_hashes) with ordinality k (key_hash, place);

  return query
  select
    k.place, claimed[k.place], i.fingerprint, i.channel, i.is_created, i.inserted_rows, i.available_rows, i.requested_at,
    i.provided_rows, i.rejected_rows, i.faults, i.schema_version
  from unnest(key_hashes) with ordinality k (key_hash, place)
  left join kronicle.idempotency i on i.key_hash = k.key_hash;
end
$$;

--
-- Name: clear_channel(integer, text, text); Type: FUNCTION; Schema: kronicle; Owner: -
--

CREATE FUNCTION kronicle.clear_channel(channel integer, actor text, request_id text) RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
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

SET default_tablespace = '';

SET default_table_access_method = heap;

--
-- Name: audit_entry; Type: TABLE; Schema: kronicle; Owner: -
--

CREATE TABLE kronicle.audit_entry (
    id bigint NOT NULL,
    at timestamp with time zone DEFAULT now() NOT NULL,
    actor text,
    action text NOT NULL,
    target text,
    request_id text,
    details jsonb DEFAULT '{}'::jsonb NOT NULL,
    times integer DEFAULT 1 NOT NULL,
    summed_minute timestamp with time zone
);

--
-- Name: count_audit(text, text, text, text); Type: FUNCTION; Schema: kronicle; Owner: -
--

CREATE FUNCTION kronicle.count_audit(actor text, action text, target text, request_id text) RETURNS void
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    BEGIN ATOMIC
 INSERT INTO kronicle.audit_entry AS e (actor, action, target, request_id, summed_minute)
   VALUES (count_audit.actor, count_audit.action, count_audit.target, count_audit.request_id, date_trunc('minute'::text, now(), 'UTC'::text)) ON CONFLICT(summed_minute, action, actor, target)
   WHERE (summed_minute IS NOT NULL) DO UPDATE SET times = (e.times + 1);
END;

--
-- Name: channel; Type: TABLE; Schema: kronicle; Owner: -
--

CREATE TABLE kronicle.channel (
    id integer NOT NULL,
    channel_id uuid DEFAULT gen_random_uuid() NOT NULL,
    name text,
    series_table integer NOT NULL,
    columns jsonb NOT NULL,
    channel_schema json NOT NULL,
    column_info jsonb DEFAULT '{}'::jsonb NOT NULL,
    metadata jsonb DEFAULT '{}'::jsonb NOT NULL,
    tags jsonb DEFAULT '{}'::jsonb NOT NULL,
    density text NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    version integer DEFAULT 1 NOT NULL,
    schema_version integer DEFAULT 1 NOT NULL,
    deleted_at timestamp with time zone,
    CONSTRAINT channel_density_known CHECK ((density = ANY (ARRAY['dense'::text, 'normal'::text, 'sparse'::text])))
);

--
-- Name: create_channel(uuid, text, jsonb, integer, jsonb, json, jsonb, jsonb, jsonb, text); Type: FUNCTION; Schema: kronicle; Owner: -
--

CREATE FUNCTION kronicle.create_channel(channel_id uuid, name text, needed jsonb, days integer, columns jsonb, channel_schema json, column_info jsonb, metadata jsonb, tags jsonb, density text) RETURNS SETOF kronicle.channel
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
declare
  fitting integer;
  made integer;
begin
  -- Most channels look like many before them.
  select t.id into fitting
  from kronicle.series_table t
  where t.slots = needed and t.chunk_days = days
  order by t.id
  limit 1;
  made := kronicle.insert_channel(
    channel_id, name, coalesce(fitting, kronicle.ensure_series_table(needed, days)), columns, channel_schema, column_info, metadata,
    tags, density
  );
  return query select c.* from kronicle.channel c where c.id = made;
end
$$;

--
-- Name: delete_channel(integer, integer, text, text); Type: FUNCTION; Schema: kronicle; Owner: -
--

CREATE FUNCTION kronicle.delete_channel(channel integer, version integer, actor text, request_id text) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
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

--
-- Name: delete_rows(integer, bigint[], timestamp with time zone, timestamp with time zone, text, text); Type: FUNCTION; Schema: kronicle; Owner: -
--

CREATE FUNCTION kronicle.delete_rows(channel integer, rows bigint[], low timestamp with time zone, high timestamp with time zone, actor text, request_id text) RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $_$
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
$_$;

--
-- Name: drop_unused_series_table(); Type: FUNCTION; Schema: kronicle; Owner: -
--

CREATE FUNCTION kronicle.drop_unused_series_table() RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    SET lock_timeout TO '2s'
    AS $$
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

--
-- Name: ensure_series_table(jsonb, integer); Type: FUNCTION; Schema: kronicle; Owner: -
--

CREATE FUNCTION kronicle.ensure_series_table(needed jsonb, days integer) RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $$
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
  execute format('grant select on series.%I to "kronicle_reader", "kronicle_writer", "kronicle_admin"', made.table_name);
  -- An export has to know where the rows end that were there at its start.
  execute format('grant select on sequence series.%I to "kronicle_reader", "kronicle_writer", "kronicle_admin"', made.table_name || '__row_seq');
  -- Column by column: nobody but the database itself sets _row and received_at.
  execute format('grant insert (_channel, time%s) on series.%I to "kronicle_writer"', slot_names, made.table_name);
  return made.id;
end
$$;

--
-- Name: idempotency; Type: TABLE; Schema: kronicle; Owner: -
--

CREATE TABLE kronicle.idempotency (
    key_hash bytea NOT NULL,
    fingerprint bytea NOT NULL,
    channel integer NOT NULL,
    is_created boolean NOT NULL,
    inserted_rows integer NOT NULL,
    available_rows bigint NOT NULL,
    requested_at timestamp with time zone NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    provided_rows integer,
    rejected_rows integer,
    faults jsonb,
    schema_version integer
);

--
-- Name: forget_idempotency_keys(integer); Type: FUNCTION; Schema: kronicle; Owner: -
--

CREATE FUNCTION kronicle.forget_idempotency_keys(most integer) RETURNS integer
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    BEGIN ATOMIC
 WITH forgotten AS (
          DELETE FROM kronicle.idempotency AS i
           WHERE (i.key_hash IN ( SELECT o.key_hash
                    FROM kronicle.idempotency o
                   WHERE (o.created_at < (now() - '24:00:00'::interval))
                   ORDER BY o.created_at
                  LIMIT forget_idempotency_keys.most))
           RETURNING 1 AS "?column?"
         )
  SELECT (count(*))::integer AS count
    FROM forgotten;
END;

--
-- Name: insert_channel(uuid, text, integer, jsonb, json, jsonb, jsonb, jsonb, text); Type: FUNCTION; Schema: kronicle; Owner: -
--

CREATE FUNCTION kronicle.insert_channel(channel_id uuid, name text, series_table integer, columns jsonb, channel_schema json, column_info jsonb, metadata jsonb, tags jsonb, density text) RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
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

--
-- Name: lock_channel(integer); Type: FUNCTION; Schema: kronicle; Owner: -
--

CREATE FUNCTION kronicle.lock_channel(channel integer) RETURNS void
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    RETURN pg_advisory_xact_lock(1263683150, channel);

--
-- Name: purge_deleted(integer); Type: FUNCTION; Schema: kronicle; Owner: -
--

CREATE FUNCTION kronicle.purge_deleted(most integer) RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $_$
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
$_$;

--
-- Name: record_audit(text, text, text, text, jsonb); Type: FUNCTION; Schema: kronicle; Owner: -
--

CREATE FUNCTION kronicle.record_audit(actor text, action text, target text, request_id text, details jsonb) RETURNS void
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    BEGIN ATOMIC
 INSERT INTO kronicle.audit_entry (actor, action, target, request_id, details)
   VALUES (record_audit.actor, record_audit.action, record_audit.target, record_audit.request_id, COALESCE(record_audit.details, '{}'::jsonb));
END;

--
-- Name: rfc3339(timestamp with time zone); Type: FUNCTION; Schema: kronicle; Owner: -
--

CREATE FUNCTION kronicle.rfc3339(t timestamp with time zone) RETURNS text
    LANGUAGE sql STABLE PARALLEL SAFE
    RETURN to_char((t AT TIME ZONE 'UTC'::text), CASE WHEN (date_trunc('second'::text, t) = t) THEN 'YYYY-MM-DD"T"HH24:MI:SS"Z"'::text ELSE 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'::text END);

--
-- Name: update_channel_labels(integer, jsonb, jsonb, jsonb); Type: FUNCTION; Schema: kronicle; Owner: -
--

CREATE FUNCTION kronicle.update_channel_labels(channel integer, column_info jsonb, metadata jsonb, tags jsonb) RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
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

--
-- Name: widen_series_table(integer, text, integer); Type: FUNCTION; Schema: kronicle; Owner: -
--

CREATE FUNCTION kronicle.widen_series_table(series_table integer, slot_type text, needed integer) RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    SET lock_timeout TO '5s'
    AS $$
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
      execute format('grant insert (%s_%s) on series.%I to "kronicle_writer"', slot_type, number, widened.table_name);
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

--
-- Name: api_key; Type: TABLE; Schema: kronicle; Owner: -
--

CREATE TABLE kronicle.api_key (
    key_id text NOT NULL,
    lane text NOT NULL,
    secret_hash bytea NOT NULL,
    label text,
    channels jsonb,
    tags jsonb,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    expires_at timestamp with time zone,
    revoked_at timestamp with time zone,
    last_used_at timestamp with time zone,
    CONSTRAINT api_key_channels_fit CHECK (((channels IS NULL) OR (lane = ANY (ARRAY['reader'::text, 'writer'::text])))),
    CONSTRAINT api_key_lane_known CHECK ((lane = ANY (ARRAY['reader'::text, 'writer'::text, 'admin'::text]))),
    CONSTRAINT api_key_tags_fit CHECK (((tags IS NULL) OR (lane = 'reader'::text)))
);

--
-- Name: audit_entry_id_seq; Type: SEQUENCE; Schema: kronicle; Owner: -
--

ALTER TABLE kronicle.audit_entry ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME kronicle.audit_entry_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

--
-- Name: channel_id_seq; Type: SEQUENCE; Schema: kronicle; Owner: -
--

ALTER TABLE kronicle.channel ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME kronicle.channel_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

--
-- Name: channel_stats; Type: TABLE; Schema: kronicle; Owner: -
--

CREATE TABLE kronicle.channel_stats (
    channel integer NOT NULL,
    slot smallint NOT NULL,
    row_count bigint NOT NULL,
    first_time timestamp with time zone NOT NULL,
    last_time timestamp with time zone NOT NULL
)
WITH (fillfactor='70');

--
-- Name: migration; Type: TABLE; Schema: kronicle; Owner: -
--

CREATE TABLE kronicle.migration (
    id integer NOT NULL,
    name text NOT NULL,
    applied_at timestamp with time zone DEFAULT now() NOT NULL
);

--
-- Name: series_table; Type: TABLE; Schema: kronicle; Owner: -
--

CREATE TABLE kronicle.series_table (
    id integer NOT NULL,
    slots jsonb NOT NULL,
    chunk_days integer NOT NULL,
    table_name text GENERATED ALWAYS AS (('s_'::text || id)) STORED NOT NULL,
    unused_since timestamp with time zone
);

--
-- Name: series_table_id_seq; Type: SEQUENCE; Schema: kronicle; Owner: -
--

ALTER TABLE kronicle.series_table ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME kronicle.series_table_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

--
-- Name: sign_in_attempt; Type: TABLE; Schema: kronicle; Owner: -
--

CREATE TABLE kronicle.sign_in_attempt (
    account_hash bytea NOT NULL,
    attempts integer NOT NULL,
    since timestamp with time zone NOT NULL
);

--
-- Name: signing_key; Type: TABLE; Schema: kronicle; Owner: -
--

CREATE TABLE kronicle.signing_key (
    kid text NOT NULL,
    private_jwk jsonb NOT NULL,
    public_jwk jsonb NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL
);

--
-- Name: user_account; Type: TABLE; Schema: kronicle; Owner: -
--

CREATE TABLE kronicle.user_account (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    email text NOT NULL,
    name text,
    orcid text,
    full_name text,
    role text NOT NULL,
    password_hash text NOT NULL,
    token_version integer DEFAULT 1 NOT NULL,
    disabled_at timestamp with time zone,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT user_account_role_known CHECK ((role = ANY (ARRAY['reader'::text, 'writer'::text, 'admin'::text])))
);

--
-- Name: api_key api_key_pkey; Type: CONSTRAINT; Schema: kronicle; Owner: -
--

ALTER TABLE ONLY kronicle.api_key
    ADD CONSTRAINT api_key_pkey PRIMARY KEY (key_id);

--
-- Name: audit_entry audit_entry_pkey; Type: CONSTRAINT; Schema: kronicle; Owner: -
--

ALTER TABLE ONLY kronicle.audit_entry
    ADD CONSTRAINT audit_entry_pkey PRIMARY KEY (id);

--
-- Name: channel channel_pkey; Type: CONSTRAINT; Schema: kronicle; Owner: -
--

ALTER TABLE ONLY kronicle.channel
    ADD CONSTRAINT channel_pkey PRIMARY KEY (id);

--
-- Name: channel_stats channel_stats_pkey; Type: CONSTRAINT; Schema: kronicle; Owner: -
--

ALTER TABLE ONLY kronicle.channel_stats
    ADD CONSTRAINT channel_stats_pkey PRIMARY KEY (channel, slot);

--
-- Name: idempotency idempotency_pkey; Type: CONSTRAINT; Schema: kronicle; Owner: -
--

ALTER TABLE ONLY kronicle.idempotency
    ADD CONSTRAINT idempotency_pkey PRIMARY KEY (key_hash);

--
-- Name: migration migration_pkey; Type: CONSTRAINT; Schema: kronicle; Owner: -
--

ALTER TABLE ONLY kronicle.migration
    ADD CONSTRAINT migration_pkey PRIMARY KEY (id);

--
-- Name: series_table series_table_pkey; Type: CONSTRAINT; Schema: kronicle; Owner: -
--

ALTER TABLE ONLY kronicle.series_table
    ADD CONSTRAINT series_table_pkey PRIMARY KEY (id);

--
-- Name: sign_in_attempt sign_in_attempt_pkey; Type: CONSTRAINT; Schema: kronicle; Owner: -
--

ALTER TABLE ONLY kronicle.sign_in_attempt
    ADD CONSTRAINT sign_in_attempt_pkey PRIMARY KEY (account_hash);

--
-- Name: signing_key signing_key_pkey; Type: CONSTRAINT; Schema: kronicle; Owner: -
--

ALTER TABLE ONLY kronicle.signing_key
    ADD CONSTRAINT signing_key_pkey PRIMARY KEY (kid);

--
-- Name: user_account user_account_email_is_unique; Type: CONSTRAINT; Schema: kronicle; Owner: -
--

ALTER TABLE ONLY kronicle.user_account
    ADD CONSTRAINT user_account_email_is_unique UNIQUE (email);

--
-- Name: user_account user_account_name_is_unique; Type: CONSTRAINT; Schema: kronicle; Owner: -
--

ALTER TABLE ONLY kronicle.user_account
    ADD CONSTRAINT user_account_name_is_unique UNIQUE (name);

--
-- Name: user_account user_account_orcid_is_unique; Type: CONSTRAINT; Schema: kronicle; Owner: -
--

ALTER TABLE ONLY kronicle.user_account
    ADD CONSTRAINT user_account_orcid_is_unique UNIQUE (orcid);

--
-- Name: user_account user_account_pkey; Type: CONSTRAINT; Schema: kronicle; Owner: -
--

ALTER TABLE ONLY kronicle.user_account
    ADD CONSTRAINT user_account_pkey PRIMARY KEY (id);

--
-- Name: api_key_created_at; Type: INDEX; Schema: kronicle; Owner: -
--

CREATE INDEX api_key_created_at ON kronicle.api_key USING btree (created_at, key_id);

--
-- Name: audit_entry_sum; Type: INDEX; Schema: kronicle; Owner: -
--

CREATE UNIQUE INDEX audit_entry_sum ON kronicle.audit_entry USING btree (summed_minute, action, actor, target) NULLS NOT DISTINCT WHERE (summed_minute IS NOT NULL);

--
-- Name: channel_deleted_at; Type: INDEX; Schema: kronicle; Owner: -
--

CREATE INDEX channel_deleted_at ON kronicle.channel USING btree (deleted_at) WHERE (deleted_at IS NOT NULL);

--
-- Name: channel_id_is_unique; Type: INDEX; Schema: kronicle; Owner: -
--

CREATE UNIQUE INDEX channel_id_is_unique ON kronicle.channel USING btree (channel_id) WHERE (deleted_at IS NULL);

--
-- Name: channel_metadata; Type: INDEX; Schema: kronicle; Owner: -
--

CREATE INDEX channel_metadata ON kronicle.channel USING gin (metadata) WITH (fastupdate=off) WHERE (deleted_at IS NULL);

--
-- Name: channel_name_is_unique; Type: INDEX; Schema: kronicle; Owner: -
--

CREATE UNIQUE INDEX channel_name_is_unique ON kronicle.channel USING btree (name) WHERE (deleted_at IS NULL);

--
-- Name: channel_series_table; Type: INDEX; Schema: kronicle; Owner: -
--

CREATE INDEX channel_series_table ON kronicle.channel USING btree (series_table);

--
-- Name: channel_tags; Type: INDEX; Schema: kronicle; Owner: -
--

CREATE INDEX channel_tags ON kronicle.channel USING gin (tags) WITH (fastupdate=off) WHERE (deleted_at IS NULL);

--
-- Name: idempotency_created_at; Type: INDEX; Schema: kronicle; Owner: -
--

CREATE INDEX idempotency_created_at ON kronicle.idempotency USING btree (created_at);

--
-- Name: series_table_layout; Type: INDEX; Schema: kronicle; Owner: -
--

CREATE INDEX series_table_layout ON kronicle.series_table USING btree (slots, chunk_days);

--
-- Name: user_account_created_at; Type: INDEX; Schema: kronicle; Owner: -
--

CREATE INDEX user_account_created_at ON kronicle.user_account USING btree (created_at, id);

--
-- Name: channel channel_series_table_fkey; Type: FK CONSTRAINT; Schema: kronicle; Owner: -
--

ALTER TABLE ONLY kronicle.channel
    ADD CONSTRAINT channel_series_table_fkey FOREIGN KEY (series_table) REFERENCES kronicle.series_table(id);

--
-- Name: channel_stats channel_stats_channel_fkey; Type: FK CONSTRAINT; Schema: kronicle; Owner: -
--

ALTER TABLE ONLY kronicle.channel_stats
    ADD CONSTRAINT channel_stats_channel_fkey FOREIGN KEY (channel) REFERENCES kronicle.channel(id) ON DELETE CASCADE;

--
-- Name: SCHEMA kronicle; Type: ACL; Schema: -; Owner: -
--

GRANT USAGE ON SCHEMA kronicle TO kronicle_reader;
GRANT USAGE ON SCHEMA kronicle TO kronicle_writer;
GRANT USAGE ON SCHEMA kronicle TO kronicle_admin;
GRANT USAGE ON SCHEMA kronicle TO kronicle_auth;

--
-- Name: SCHEMA series; Type: ACL; Schema: -; Owner: -
--

GRANT USAGE ON SCHEMA series TO kronicle_reader;
GRANT USAGE ON SCHEMA series TO kronicle_writer;
GRANT USAGE ON SCHEMA series TO kronicle_admin;

--
-- Name: FUNCTION add_to_stats(channels integer[], schema_versions integer[], row_counts bigint[], first_times timestamp with time zone[], last_times timestamp with time zone[]); Type: ACL; Schema: kronicle; Owner: -
--

REVOKE ALL ON FUNCTION kronicle.add_to_stats(channels integer[], schema_versions integer[], row_counts bigint[], first_times timestamp with time zone[], last_times timestamp with time zone[]) FROM PUBLIC;
GRANT ALL ON FUNCTION kronicle.add_to_stats(channels integer[], schema_versions integer[], row_counts bigint[], first_times timestamp with time zone[], last_times timestamp with time zone[]) TO kronicle_writer;

--
-- Name: FUNCTION analyze_channels(); Type: ACL; Schema: kronicle; Owner: -
--

REVOKE ALL ON FUNCTION kronicle.analyze_channels() FROM PUBLIC;
GRANT ALL ON FUNCTION kronicle.analyze_channels() TO kronicle_admin;

--
-- Name: FUNCTION claim_keys(key_hashes bytea[]); Type: ACL; Schema: kronicle; Owner: -
--

REVOKE ALL ON FUNCTION kronicle.claim_keys(key_hashes bytea[]) FROM PUBLIC;
GRANT ALL ON FUNCTION kronicle.claim_keys(key_hashes bytea[]) TO kronicle_writer;

--
-- Name: FUNCTION clear_channel(channel integer, actor text, request_id text); Type: ACL; Schema: kronicle; Owner: -
--

REVOKE ALL ON FUNCTION kronicle.clear_channel(channel integer, actor text, request_id text) FROM PUBLIC;
GRANT ALL ON FUNCTION kronicle.clear_channel(channel integer, actor text, request_id text) TO kronicle_admin;

--
-- Name: TABLE audit_entry; Type: ACL; Schema: kronicle; Owner: -
--

GRANT SELECT ON TABLE kronicle.audit_entry TO kronicle_admin;

--
-- Name: FUNCTION count_audit(actor text, action text, target text, request_id text); Type: ACL; Schema: kronicle; Owner: -
--

REVOKE ALL ON FUNCTION kronicle.count_audit(actor text, action text, target text, request_id text) FROM PUBLIC;
GRANT ALL ON FUNCTION kronicle.count_audit(actor text, action text, target text, request_id text) TO kronicle_auth;

--
-- Name: TABLE channel; Type: ACL; Schema: kronicle; Owner: -
--

GRANT SELECT ON TABLE kronicle.channel TO kronicle_reader;
GRANT SELECT ON TABLE kronicle.channel TO kronicle_writer;
GRANT SELECT ON TABLE kronicle.channel TO kronicle_admin;

--
-- Name: COLUMN channel.name; Type: ACL; Schema: kronicle; Owner: -
--

GRANT UPDATE(name) ON TABLE kronicle.channel TO kronicle_admin;

--
-- Name: COLUMN channel.series_table; Type: ACL; Schema: kronicle; Owner: -
--

GRANT UPDATE(series_table) ON TABLE kronicle.channel TO kronicle_admin;

--
-- Name: COLUMN channel.columns; Type: ACL; Schema: kronicle; Owner: -
--

GRANT UPDATE(columns) ON TABLE kronicle.channel TO kronicle_admin;

--
-- Name: COLUMN channel.channel_schema; Type: ACL; Schema: kronicle; Owner: -
--

GRANT UPDATE(channel_schema) ON TABLE kronicle.channel TO kronicle_admin;

--
-- Name: COLUMN channel.column_info; Type: ACL; Schema: kronicle; Owner: -
--

GRANT UPDATE(column_info) ON TABLE kronicle.channel TO kronicle_admin;

--
-- Name: COLUMN channel.metadata; Type: ACL; Schema: kronicle; Owner: -
--

GRANT UPDATE(metadata) ON TABLE kronicle.channel TO kronicle_admin;

--
-- Name: COLUMN channel.tags; Type: ACL; Schema: kronicle; Owner: -
--

GRANT UPDATE(tags) ON TABLE kronicle.channel TO kronicle_admin;

--
-- Name: COLUMN channel.updated_at; Type: ACL; Schema: kronicle; Owner: -
--

GRANT UPDATE(updated_at) ON TABLE kronicle.channel TO kronicle_admin;

--
-- Name: COLUMN channel.version; Type: ACL; Schema: kronicle; Owner: -
--

GRANT UPDATE(version) ON TABLE kronicle.channel TO kronicle_admin;

--
-- Name: COLUMN channel.schema_version; Type: ACL; Schema: kronicle; Owner: -
--

GRANT UPDATE(schema_version) ON TABLE kronicle.channel TO kronicle_admin;

--
-- Name: FUNCTION create_channel(channel_id uuid, name text, needed jsonb, days integer, columns jsonb, channel_schema json, column_info jsonb, metadata jsonb, tags jsonb, density text); Type: ACL; Schema: kronicle; Owner: -
--

REVOKE ALL ON FUNCTION kronicle.create_channel(channel_id uuid, name text, needed jsonb, days integer, columns jsonb, channel_schema json, column_info jsonb, metadata jsonb, tags jsonb, density text) FROM PUBLIC;
GRANT ALL ON FUNCTION kronicle.create_channel(channel_id uuid, name text, needed jsonb, days integer, columns jsonb, channel_schema json, column_info jsonb, metadata jsonb, tags jsonb, density text) TO kronicle_admin;

--
-- Name: FUNCTION delete_channel(channel integer, version integer, actor text, request_id text); Type: ACL; Schema: kronicle; Owner: -
--

REVOKE ALL ON FUNCTION kronicle.delete_channel(channel integer, version integer, actor text, request_id text) FROM PUBLIC;
GRANT ALL ON FUNCTION kronicle.delete_channel(channel integer, version integer, actor text, request_id text) TO kronicle_admin;

--
-- Name: FUNCTION delete_rows(channel integer, rows bigint[], low timestamp with time zone, high timestamp with time zone, actor text, request_id text); Type: ACL; Schema: kronicle; Owner: -
--

REVOKE ALL ON FUNCTION kronicle.delete_rows(channel integer, rows bigint[], low timestamp with time zone, high timestamp with time zone, actor text, request_id text) FROM PUBLIC;
GRANT ALL ON FUNCTION kronicle.delete_rows(channel integer, rows bigint[], low timestamp with time zone, high timestamp with time zone, actor text, request_id text) TO kronicle_admin;

--
-- Name: FUNCTION drop_unused_series_table(); Type: ACL; Schema: kronicle; Owner: -
--

REVOKE ALL ON FUNCTION kronicle.drop_unused_series_table() FROM PUBLIC;
GRANT ALL ON FUNCTION kronicle.drop_unused_series_table() TO kronicle_admin;

--
-- Name: FUNCTION ensure_series_table(needed jsonb, days integer); Type: ACL; Schema: kronicle; Owner: -
--

REVOKE ALL ON FUNCTION kronicle.ensure_series_table(needed jsonb, days integer) FROM PUBLIC;
GRANT ALL ON FUNCTION kronicle.ensure_series_table(needed jsonb, days integer) TO kronicle_writer;
GRANT ALL ON FUNCTION kronicle.ensure_series_table(needed jsonb, days integer) TO kronicle_admin;

--
-- Name: TABLE idempotency; Type: ACL; Schema: kronicle; Owner: -
--

GRANT SELECT ON TABLE kronicle.idempotency TO kronicle_writer;

--
-- Name: COLUMN idempotency.key_hash; Type: ACL; Schema: kronicle; Owner: -
--

GRANT INSERT(key_hash) ON TABLE kronicle.idempotency TO kronicle_writer;

--
-- Name: COLUMN idempotency.fingerprint; Type: ACL; Schema: kronicle; Owner: -
--

GRANT INSERT(fingerprint) ON TABLE kronicle.idempotency TO kronicle_writer;

--
-- Name: COLUMN idempotency.channel; Type: ACL; Schema: kronicle; Owner: -
--

GRANT INSERT(channel) ON TABLE kronicle.idempotency TO kronicle_writer;

--
-- Name: COLUMN idempotency.is_created; Type: ACL; Schema: kronicle; Owner: -
--

GRANT INSERT(is_created) ON TABLE kronicle.idempotency TO kronicle_writer;

--
-- Name: COLUMN idempotency.inserted_rows; Type: ACL; Schema: kronicle; Owner: -
--

GRANT INSERT(inserted_rows) ON TABLE kronicle.idempotency TO kronicle_writer;

--
-- Name: COLUMN idempotency.available_rows; Type: ACL; Schema: kronicle; Owner: -
--

GRANT INSERT(available_rows) ON TABLE kronicle.idempotency TO kronicle_writer;

--
-- Name: COLUMN idempotency.requested_at; Type: ACL; Schema: kronicle; Owner: -
--

GRANT INSERT(requested_at) ON TABLE kronicle.idempotency TO kronicle_writer;

--
-- Name: COLUMN idempotency.provided_rows; Type: ACL; Schema: kronicle; Owner: -
--

GRANT INSERT(provided_rows) ON TABLE kronicle.idempotency TO kronicle_writer;

--
-- Name: COLUMN idempotency.rejected_rows; Type: ACL; Schema: kronicle; Owner: -
--

GRANT INSERT(rejected_rows) ON TABLE kronicle.idempotency TO kronicle_writer;

--
-- Name: COLUMN idempotency.faults; Type: ACL; Schema: kronicle; Owner: -
--

GRANT INSERT(faults) ON TABLE kronicle.idempotency TO kronicle_writer;

--
-- Name: COLUMN idempotency.schema_version; Type: ACL; Schema: kronicle; Owner: -
--

GRANT INSERT(schema_version) ON TABLE kronicle.idempotency TO kronicle_writer;

--
-- Name: FUNCTION forget_idempotency_keys(most integer); Type: ACL; Schema: kronicle; Owner: -
--

REVOKE ALL ON FUNCTION kronicle.forget_idempotency_keys(most integer) FROM PUBLIC;
GRANT ALL ON FUNCTION kronicle.forget_idempotency_keys(most integer) TO kronicle_admin;

--
-- Name: FUNCTION insert_channel(channel_id uuid, name text, series_table integer, columns jsonb, channel_schema json, column_info jsonb, metadata jsonb, tags jsonb, density text); Type: ACL; Schema: kronicle; Owner: -
--

REVOKE ALL ON FUNCTION kronicle.insert_channel(channel_id uuid, name text, series_table integer, columns jsonb, channel_schema json, column_info jsonb, metadata jsonb, tags jsonb, density text) FROM PUBLIC;
GRANT ALL ON FUNCTION kronicle.insert_channel(channel_id uuid, name text, series_table integer, columns jsonb, channel_schema json, column_info jsonb, metadata jsonb, tags jsonb, density text) TO kronicle_writer;
GRANT ALL ON FUNCTION kronicle.insert_channel(channel_id uuid, name text, series_table integer, columns jsonb, channel_schema json, column_info jsonb, metadata jsonb, tags jsonb, density text) TO kronicle_admin;

--
-- Name: FUNCTION lock_channel(channel integer); Type: ACL; Schema: kronicle; Owner: -
--

REVOKE ALL ON FUNCTION kronicle.lock_channel(channel integer) FROM PUBLIC;
GRANT ALL ON FUNCTION kronicle.lock_channel(channel integer) TO kronicle_admin;

--
-- Name: FUNCTION purge_deleted(most integer); Type: ACL; Schema: kronicle; Owner: -
--

REVOKE ALL ON FUNCTION kronicle.purge_deleted(most integer) FROM PUBLIC;
GRANT ALL ON FUNCTION kronicle.purge_deleted(most integer) TO kronicle_admin;

--
-- Name: FUNCTION record_audit(actor text, action text, target text, request_id text, details jsonb); Type: ACL; Schema: kronicle; Owner: -
--

REVOKE ALL ON FUNCTION kronicle.record_audit(actor text, action text, target text, request_id text, details jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION kronicle.record_audit(actor text, action text, target text, request_id text, details jsonb) TO kronicle_auth;

--
-- Name: FUNCTION rfc3339(t timestamp with time zone); Type: ACL; Schema: kronicle; Owner: -
--

REVOKE ALL ON FUNCTION kronicle.rfc3339(t timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION kronicle.rfc3339(t timestamp with time zone) TO kronicle_reader;
GRANT ALL ON FUNCTION kronicle.rfc3339(t timestamp with time zone) TO kronicle_writer;
GRANT ALL ON FUNCTION kronicle.rfc3339(t timestamp with time zone) TO kronicle_admin;
GRANT ALL ON FUNCTION kronicle.rfc3339(t timestamp with time zone) TO kronicle_auth;

--
-- Name: FUNCTION update_channel_labels(channel integer, column_info jsonb, metadata jsonb, tags jsonb); Type: ACL; Schema: kronicle; Owner: -
--

REVOKE ALL ON FUNCTION kronicle.update_channel_labels(channel integer, column_info jsonb, metadata jsonb, tags jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION kronicle.update_channel_labels(channel integer, column_info jsonb, metadata jsonb, tags jsonb) TO kronicle_writer;

--
-- Name: FUNCTION widen_series_table(series_table integer, slot_type text, needed integer); Type: ACL; Schema: kronicle; Owner: -
--

REVOKE ALL ON FUNCTION kronicle.widen_series_table(series_table integer, slot_type text, needed integer) FROM PUBLIC;
GRANT ALL ON FUNCTION kronicle.widen_series_table(series_table integer, slot_type text, needed integer) TO kronicle_admin;

--
-- Name: TABLE api_key; Type: ACL; Schema: kronicle; Owner: -
--

GRANT SELECT,INSERT ON TABLE kronicle.api_key TO kronicle_auth;

--
-- Name: COLUMN api_key.expires_at; Type: ACL; Schema: kronicle; Owner: -
--

GRANT UPDATE(expires_at) ON TABLE kronicle.api_key TO kronicle_auth;

--
-- Name: COLUMN api_key.revoked_at; Type: ACL; Schema: kronicle; Owner: -
--

GRANT UPDATE(revoked_at) ON TABLE kronicle.api_key TO kronicle_auth;

--
-- Name: COLUMN api_key.last_used_at; Type: ACL; Schema: kronicle; Owner: -
--

GRANT UPDATE(last_used_at) ON TABLE kronicle.api_key TO kronicle_auth;

--
-- Name: TABLE channel_stats; Type: ACL; Schema: kronicle; Owner: -
--

GRANT SELECT ON TABLE kronicle.channel_stats TO kronicle_reader;
GRANT SELECT ON TABLE kronicle.channel_stats TO kronicle_writer;
GRANT SELECT ON TABLE kronicle.channel_stats TO kronicle_admin;

--
-- Name: TABLE series_table; Type: ACL; Schema: kronicle; Owner: -
--

GRANT SELECT ON TABLE kronicle.series_table TO kronicle_reader;
GRANT SELECT ON TABLE kronicle.series_table TO kronicle_writer;
GRANT SELECT ON TABLE kronicle.series_table TO kronicle_admin;

--
-- Name: TABLE sign_in_attempt; Type: ACL; Schema: kronicle; Owner: -
--

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE kronicle.sign_in_attempt TO kronicle_auth;

--
-- Name: TABLE signing_key; Type: ACL; Schema: kronicle; Owner: -
--

GRANT SELECT,INSERT,DELETE ON TABLE kronicle.signing_key TO kronicle_auth;

--
-- Name: TABLE user_account; Type: ACL; Schema: kronicle; Owner: -
--

GRANT SELECT,INSERT,DELETE ON TABLE kronicle.user_account TO kronicle_auth;

--
-- Name: COLUMN user_account.name; Type: ACL; Schema: kronicle; Owner: -
--

GRANT UPDATE(name) ON TABLE kronicle.user_account TO kronicle_auth;

--
-- Name: COLUMN user_account.orcid; Type: ACL; Schema: kronicle; Owner: -
--

GRANT UPDATE(orcid) ON TABLE kronicle.user_account TO kronicle_auth;

--
-- Name: COLUMN user_account.full_name; Type: ACL; Schema: kronicle; Owner: -
--

GRANT UPDATE(full_name) ON TABLE kronicle.user_account TO kronicle_auth;

--
-- Name: COLUMN user_account.role; Type: ACL; Schema: kronicle; Owner: -
--

GRANT UPDATE(role) ON TABLE kronicle.user_account TO kronicle_auth;

--
-- Name: COLUMN user_account.password_hash; Type: ACL; Schema: kronicle; Owner: -
--

GRANT UPDATE(password_hash) ON TABLE kronicle.user_account TO kronicle_auth;

--
-- Name: COLUMN user_account.token_version; Type: ACL; Schema: kronicle; Owner: -
--

GRANT UPDATE(token_version) ON TABLE kronicle.user_account TO kronicle_auth;

--
-- Name: COLUMN user_account.disabled_at; Type: ACL; Schema: kronicle; Owner: -
--

GRANT UPDATE(disabled_at) ON TABLE kronicle.user_account TO kronicle_auth;

--
-- Name: COLUMN user_account.updated_at; Type: ACL; Schema: kronicle; Owner: -
--

GRANT UPDATE(updated_at) ON TABLE kronicle.user_account TO kronicle_auth;

--
-- PostgreSQL database dump complete
--

