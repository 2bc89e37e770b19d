-- The outcome of each keyed append, stored with its rows in one transaction. A hash of caller and key, a hash of the request, and what
-- the answer needs: keys themselves and answers would take more room than the rows.
create table kronicle.idempotency (
  key_hash bytea primary key,
  fingerprint bytea not null,
  channel integer not null,
  is_created boolean not null,
  inserted_rows integer not null,
  available_rows bigint not null,
  -- What rows without a time got as theirs.
  requested_at timestamptz not null,
  created_at timestamptz not null default now()
);

create index idempotency_created_at on kronicle.idempotency (created_at);

grant select, insert (key_hash, fingerprint, channel, is_created, inserted_rows, available_rows, requested_at) on kronicle.idempotency to {{writer}};

-- Claims keys until the commit, and tells for each, by its place, whether that worked, and what a request with it has stored before. Not in
-- plain SQL: what was stored is looked up only after the locks are held, by a snapshot that sees the commit of whoever held them.
create function kronicle.claim_keys(key_hashes bytea[])
returns table (
  place bigint, is_claimed boolean, fingerprint bytea, channel integer, is_created boolean, inserted_rows integer, available_rows bigint,
  requested_at timestamptz
)
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
  claimed boolean[];
begin
  select array_agg(pg_try_advisory_xact_lock(('x' || encode(substr(k.key_hash, 1, 8), 'hex'))::bit(64)::bigint) order by k.place)
  into claimed
  from unnest(key_hashes) with ordinality k (key_hash, place);

  return query
  select k.place, claimed[k.place], i.fingerprint, i.channel, i.is_created, i.inserted_rows, i.available_rows, i.requested_at
  from unnest(key_hashes) with ordinality k (key_hash, place)
  left join kronicle.idempotency i on i.key_hash = k.key_hash;
end
$$;

-- Forgets keys that are older than a day, so many at once; returns how many.
create function kronicle.forget_idempotency_keys(most integer)
returns integer
language sql security definer
set search_path = pg_catalog, pg_temp
begin atomic
  with forgotten as (
    delete from kronicle.idempotency i
    where i.key_hash in (
      select o.key_hash from kronicle.idempotency o where o.created_at < now() - interval '24 hours' order by o.created_at limit most
    )
    returning 1
  )
  select count(*)::integer from forgotten;
end;

revoke all on function kronicle.claim_keys, kronicle.forget_idempotency_keys from public;
grant execute on function kronicle.claim_keys to {{writer}};
grant execute on function kronicle.forget_idempotency_keys to {{admin}};
