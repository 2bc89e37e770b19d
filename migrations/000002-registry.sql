create schema series;

-- One row per hypertable in `series`. All channels whose columns fit its typed slots share it.
create table kronicle.series_table (
  id integer generated always as identity primary key,
  slots jsonb not null,
  chunk_days integer not null,
  table_name text not null generated always as ('s_' || id) stored
);

-- Not unique: a table that was widened may have come to the layout of another.
create index series_table_layout on kronicle.series_table (slots, chunk_days);

-- The definition of a channel. Never touched by appends, so that they neither block nor bloat it.
create table kronicle.channel (
  id integer generated always as identity primary key,
  channel_id uuid not null default gen_random_uuid(),
  name text,
  series_table integer not null references kronicle.series_table,
  columns jsonb not null,
  -- json, not jsonb: it keeps the order in which the columns were declared.
  channel_schema json not null,
  column_info jsonb not null default '{}',
  metadata jsonb not null default '{}',
  tags jsonb not null default '{}',
  density text not null constraint channel_density_known check (density in ('dense', 'normal', 'sparse')),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  version integer not null default 1,
  -- Changes with the columns only: what an append has to agree with.
  schema_version integer not null default 1,
  deleted_at timestamptz
);

create unique index channel_id_is_unique on kronicle.channel (channel_id) where deleted_at is null;
create unique index channel_name_is_unique on kronicle.channel (name) where deleted_at is null;
-- Without fastupdate: channels are searched more often than changed, and a list of pending entries, which the embedded database has
-- nobody to work off, is read from end to end by each search.
create index channel_tags on kronicle.channel using gin (tags) with (fastupdate = off) where deleted_at is null;
create index channel_metadata on kronicle.channel using gin (metadata) with (fastupdate = off) where deleted_at is null;
create index channel_deleted_at on kronicle.channel (deleted_at) where deleted_at is not null;

-- Counters lie apart from the channel, one row per (channel, slot of a database session): on one row per channel
-- concurrent appends would queue and deadlock. A reader sums the slots.
create table kronicle.channel_stats (
  channel integer not null references kronicle.channel on delete cascade,
  slot smallint not null,
  row_count bigint not null,
  first_time timestamptz not null,
  last_time timestamptz not null,
  primary key (channel, slot)
) with (fillfactor = 70);
