-- As before, in a language whose plans a session keeps: creating channels is mostly planning otherwise.
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
end
$$;

-- Stores a channel in the table that fits its columns, made if need be, and returns it as it is stored: all that creating one takes, in one
-- round trip. No row when a live channel has this id or name. It does nothing that its caller may not.
create function kronicle.create_channel(
  channel_id uuid, name text, needed jsonb, days integer, columns jsonb, channel_schema json,
  column_info jsonb, metadata jsonb, tags jsonb, density text
)
returns setof kronicle.channel
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
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

revoke all on function kronicle.create_channel from public;
grant execute on function kronicle.create_channel to {{admin}};
