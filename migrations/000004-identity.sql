-- Who may call, and what they did. Only the auth role sees secrets, and nobody changes or removes an audit entry.

-- The secret of a key is 256 random bits, so one SHA-256 of it is enough: nothing can be guessed from it.
create table kronicle.api_key (
  key_id text primary key,
  lane text not null constraint api_key_lane_known check (lane in ('reader', 'writer', 'admin')),
  secret_hash bytea not null,
  label text,
  -- Null: no limit. An admin who is limited could give itself an unlimited key.
  channels jsonb constraint api_key_channels_fit check (channels is null or lane in ('reader', 'writer')),
  tags jsonb constraint api_key_tags_fit check (tags is null or lane = 'reader'),
  created_at timestamptz not null default now(),
  expires_at timestamptz,
  revoked_at timestamptz,
  last_used_at timestamptz
);

create index api_key_created_at on kronicle.api_key (created_at, key_id);

create table kronicle.user_account (
  id uuid primary key default gen_random_uuid(),
  -- In lower case, so that one mailbox has one account. No name holds an @, so no login means two accounts.
  email text not null constraint user_account_email_is_unique unique,
  name text constraint user_account_name_is_unique unique,
  orcid text constraint user_account_orcid_is_unique unique,
  full_name text,
  role text not null constraint user_account_role_known check (role in ('reader', 'writer', 'admin')),
  password_hash text not null,
  -- Stands in each token: one of another version is void.
  token_version integer not null default 1,
  disabled_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);

create index user_account_created_at on kronicle.user_account (created_at, id);

-- Attempts to sign in within the present quarter of an hour, also for accounts that do not exist.
create table kronicle.sign_in_attempt (
  account_hash bytea primary key,
  attempts integer not null,
  since timestamptz not null
);

-- The keys that sign tokens, as JWK (RFC 7517). In the database, so that all servers and all restarts agree.
create table kronicle.signing_key (
  kid text primary key,
  private_jwk jsonb not null,
  public_jwk jsonb not null,
  created_at timestamptz not null default now()
);

create table kronicle.audit_entry (
  id bigint generated always as identity primary key,
  at timestamptz not null default now(),
  -- Null: nobody we know.
  actor text,
  action text not null,
  target text,
  request_id text,
  details jsonb not null default '{}',
  -- Refusals of one kind are summed by the minute: nobody can fill the table with them.
  times integer not null default 1,
  summed_minute timestamptz
);

create unique index audit_entry_sum on kronicle.audit_entry (summed_minute, action, actor, target) nulls not distinct
where summed_minute is not null;

create function kronicle.record_audit(actor text, action text, target text, request_id text, details jsonb)
returns void
language sql security definer
set search_path = pg_catalog, pg_temp
begin atomic
  insert into kronicle.audit_entry (actor, action, target, request_id, details)
  values (
    record_audit.actor, record_audit.action, record_audit.target, record_audit.request_id,
    coalesce(record_audit.details, '{}')
  );
end;

-- One entry for each actor, action and target in a minute; the request id is that of the first.
create function kronicle.count_audit(actor text, action text, target text, request_id text)
returns void
language sql security definer
set search_path = pg_catalog, pg_temp
begin atomic
  insert into kronicle.audit_entry as e (actor, action, target, request_id, summed_minute)
  values (
    count_audit.actor, count_audit.action, count_audit.target, count_audit.request_id, date_trunc('minute', now(), 'UTC')
  )
  on conflict (summed_minute, action, actor, target) where summed_minute is not null
  do update set times = e.times + 1;
end;
