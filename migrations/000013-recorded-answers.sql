-- What an append was answered, besides what is there already: a later request with its key gets that again, whatever has become of the columns
-- since. Null for what was stored before, and faults also when there were none, as nearly always.
alter table kronicle.idempotency
  add column provided_rows integer,
  add column rejected_rows integer,
  add column faults jsonb,
  add column schema_version integer;

grant insert (provided_rows, rejected_rows, faults, schema_version) on kronicle.idempotency to {{writer}};

-- As before, with the new columns. A server of the release before asks for the old ones by name.
drop function kronicle.claim_keys(bytea[]);

create function kronicle.claim_keys(key_hashes bytea[])
returns table (
  place bigint, is_claimed boolean, fingerprint bytea, channel integer, is_created boolean, inserted_rows integer, available_rows bigint,
  requested_at timestamptz, provided_rows integer, rejected_rows integer, faults jsonb, schema_version integer
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
  select
    k.place, claimed[k.place], i.fingerprint, i.channel, i.is_created, i.inserted_rows, i.available_rows, i.requested_at,
    i.provided_rows, i.rejected_rows, i.faults, i.schema_version
  from unnest(key_hashes) with ordinality k (key_hash, place)
  left join kronicle.idempotency i on i.key_hash = k.key_hash;
end
$$;

revoke all on function kronicle.claim_keys from public;
grant execute on function kronicle.claim_keys to {{writer}};
