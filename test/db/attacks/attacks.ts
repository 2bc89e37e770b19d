/** In charge of what SQL in a lane may do, and of what it is refused, whichever way it got there. */
import type { Lane } from "./lane.ts";

export type Attack = {
  readonly lane: Lane;
  /** With `{table}`, `{chunk}` and `{sequence}` for those of a real channel. */
  readonly sql: string;
  /** An SQLSTATE, or `allowed`. */
  readonly expected: string;
};

const ALLOWED = "allowed";
const NO_RIGHT = "42501";
const BAD_ARGUMENT = "22023";

/** What is nobody's business, whatever the lane. */
const FOR_NOBODY = [
  // Rows are append-only.
  "update {table} set float8_1 = 0",
  "delete from {table}",
  "truncate {table}",
  "insert into {table} (_channel, time, _row) overriding system value values (1, now(), 1)",
  "insert into {table} (_channel, time, received_at) values (1, now(), '2000-01-01Z')",
  "merge into {table} t using (values (1)) v (c) on t._channel = v.c when matched then delete",
  "lock table {table} in access exclusive mode",
  "select setval('{sequence}', 1)",
  "select nextval('{sequence}')",
  "select drop_chunks('{table}', older_than => now())",
  // The chunks behind the tables.
  "insert into {chunk} (_channel, time) values (1, '2024-03-01T00:00:00Z')",
  "update {chunk} set float8_1 = 0",
  "delete from {chunk}",
  "truncate {chunk}",
  "drop table {chunk}",
  "select _timescaledb_functions.drop_chunk('{chunk}')",
  "select _timescaledb_internal.drop_chunk('{chunk}')",
  "delete from _timescaledb_catalog.chunk",
  // What TimescaleDB lets everybody do, unless it is taken from them. merge_chunks is asked for elsewhere: where it works, it ends the server.
  "select add_job('kronicle.rfc3339', '1h')",
  "select alter_job(1, scheduled => false)",
  "select delete_job(1)",
  "call run_job(1)",
  "select add_retention_policy('{table}', drop_after => '1 day'::interval)",
  "select add_reorder_policy('{table}', 'x')",
  "select compress_chunk('{chunk}')",
  "select decompress_chunk('{chunk}')",
  "call convert_to_columnstore('{chunk}')",
  "select move_chunk('{chunk}', 'pg_default', 'pg_default')",
  "select reorder_chunk('{chunk}')",
  "select set_chunk_time_interval('{table}', '1 day'::interval)",
  "select attach_tablespace('pg_default', '{table}')",
  "select enable_chunk_skipping('{table}', 'time')",
  "select chunks_detailed_size('{table}')",
  "select timescaledb_pre_restore()",
  "select _timescaledb_functions.get_create_command('x')",
  // What fills the disk beside the tables.
  "create temporary table mine (n integer)",
  "create temporary table mine as select 1 as n",
  "create temporary sequence mine",
  "select lo_create(0)",
  "select lo_creat(-1)",
  "select lo_from_bytea(0, 'x')",
  "select lo_unlink(1)",
  // The layout.
  "alter table {table} add column mine integer",
  "alter table {table} owner to current_user",
  "drop table {table}",
  "create index on {table} (_row)",
  "create trigger mine before insert on {table} for each row execute function suppress_redundant_updates_trigger()",
  "select set_chunk_time_interval('{table}', interval '1 hour')",
  "drop schema series cascade",
  "create table series.mine ()",
  "create table kronicle.mine ()",
  "create table public.mine ()",
  "create schema mine",
  "create function kronicle.mine() returns integer language sql return 1",
  "create or replace function kronicle.rfc3339(t timestamptz) returns text language sql return 'never'",
  // The registry, but through its functions.
  "insert into kronicle.channel (series_table, columns, channel_schema, density) values (1, '[]', '{}', 'normal')",
  "update kronicle.channel set deleted_at = now()",
  "update kronicle.channel set channel_id = gen_random_uuid()",
  "update kronicle.channel set created_at = now()",
  "delete from kronicle.channel",
  "insert into kronicle.channel_stats values (1, 0, 1, now(), now())",
  "update kronicle.channel_stats set row_count = 0",
  "delete from kronicle.channel_stats",
  `insert into kronicle.series_table (slots, chunk_days) values ('{"float8": 1}', 1)`,
  "update kronicle.series_table set chunk_days = 1",
  "update kronicle.idempotency set inserted_rows = 0",
  "delete from kronicle.idempotency",
  "insert into kronicle.idempotency (key_hash, created_at) values ('', now())",
  "select from kronicle.migration",
  "delete from kronicle.migration",
  // Keys, once made, and other rights.
  "update kronicle.api_key set lane = 'admin'",
  "update kronicle.api_key set channels = null",
  "update kronicle.api_key set secret_hash = ''",
  "update kronicle.user_account set email = 'me@example.org'",
  "update kronicle.signing_key set public_jwk = '{}'",
  // The audit trail.
  "insert into kronicle.audit_entry (action) values ('forged')",
  "update kronicle.audit_entry set actor = 'somebody else'",
  "delete from kronicle.audit_entry",
  "truncate kronicle.audit_entry",
  "drop table kronicle.audit_entry",
  "alter table kronicle.audit_entry disable trigger all",
  "create rule mine as on insert to kronicle.audit_entry do instead nothing",
  "delete from kronicle.api_key",
  "grant select on kronicle.migration to public",
  "create role mine",
  "alter role current_user superuser",
  "alter role current_user createrole",
  "alter role current_user bypassrls",
  "set session_replication_role = replica",
  // The machine.
  "copy (select 1) to program 'true'",
  "copy (select 1) to '/tmp/kronicle-stolen'",
  "select pg_read_file('/etc/passwd')",
  "select pg_ls_dir('/')",
];

const SECRETS = [
  "select from kronicle.api_key",
  "select secret_hash from kronicle.api_key",
  "select password_hash from kronicle.user_account",
  "select private_jwk from kronicle.signing_key",
  "select from kronicle.sign_in_attempt",
];
/** What the keeper of keys does with users and keys, and nobody else. */
const IDENTITY = [
  "update kronicle.api_key set revoked_at = now()",
  "update kronicle.user_account set role = 'admin'",
  "delete from kronicle.user_account",
  "insert into kronicle.user_account (email, role, password_hash) values ('me@example.org', 'admin', 'x')",
  `insert into kronicle.signing_key (kid, private_jwk, public_jwk) values ('mine', '{}', '{}')`,
  "delete from kronicle.signing_key",
  "delete from kronicle.sign_in_attempt",
  `select kronicle.record_audit('me', 'forged', null, null, '{}')`,
  "select kronicle.count_audit('me', 'forged', null, null)",
];
const AUDIT = "select from kronicle.audit_entry";
const NEW_KEY = "insert into kronicle.api_key (key_id, lane, secret_hash) values ('mine', 'admin', '\\x00')";
const ROW = "insert into {table} (_channel, time, float8_1) values (1, now(), 1)";
const MAKE_TABLE = `select kronicle.ensure_series_table('{"text": 1}', 30)`;
const MAKE_CHANNEL = "select kronicle.insert_channel(null, 'mine', 1, '[]', '{}', '{}', '{}', '{}', 'normal')";
const RELABEL = "select kronicle.update_channel_labels(1, null, '{}', null)";
const COUNT = "select kronicle.add_to_stats(array[1], array[1], array[1::bigint], array[now()], array[now()])";
const OUTCOME = `insert into kronicle.idempotency (key_hash, fingerprint, channel, is_created, inserted_rows, available_rows, requested_at)
  values ('', '', 1, false, 1, 1, now())`;
const OUTCOMES = "select from kronicle.idempotency";
const CLAIM = "select kronicle.claim_keys(array['x'::bytea])";
const READS = ["select from {table}", "select from kronicle.channel", "select from kronicle.channel_stats"];

/** What the admin may do to channels and rows, through functions that keep the counters right. */
const DEFINE = [
  "update kronicle.channel set name = 'renamed'",
  "select from kronicle.channel for update",
  "select kronicle.widen_series_table(1, 'text', 1)",
];
const DELETE = [
  "select kronicle.delete_channel(1, 1, 'me', 'r')",
  "select kronicle.clear_channel(1, 'me', 'r')",
  "select kronicle.lock_channel(1)",
  "select kronicle.delete_rows(1, array[1::bigint], '2024-03-01Z', '2024-03-02Z', 'me', 'r')",
  "select kronicle.purge_deleted(1)",
  "select kronicle.drop_unused_series_table()",
  "select kronicle.forget_idempotency_keys(1)",
  "select kronicle.analyze_channels()",
];

/** The functions run with the rights of the owner, and what they are given becomes DDL. */
const BAD_TABLES = [
  `select kronicle.ensure_series_table('{"float8); drop table kronicle.channel; --": 1}', 30)`,
  `select kronicle.ensure_series_table('{"float8_1 integer, x": 1}', 30)`,
  `select kronicle.ensure_series_table('{"integer": 1}', 30)`,
  `select kronicle.ensure_series_table('{"float8": 257}', 30)`,
  `select kronicle.ensure_series_table('{"float8": 0}', 30)`,
  `select kronicle.ensure_series_table('{"float8": -1}', 30)`,
  `select kronicle.ensure_series_table('["float8"]', 30)`,
  `select kronicle.ensure_series_table('{"float8": 1}', 7)`,
];
const BAD_SLOTS = [
  "select kronicle.widen_series_table(1, 'float8_9 float8; drop table kronicle.channel; --', 1)",
  "select kronicle.widen_series_table(1, 'integer', 1)",
  "select kronicle.widen_series_table(1, 'float8', 257)",
];

const each = (lane: Lane, expected: string, statements: readonly string[]): Attack[] =>
  statements.map((sql) => ({ lane, sql, expected }));

export const ATTACKS: readonly Attack[] = [
  ...each("reader", ALLOWED, READS),
  ...each("reader", NO_RIGHT, [...FOR_NOBODY, ...SECRETS, NEW_KEY, ROW, MAKE_TABLE, MAKE_CHANNEL, RELABEL, COUNT]),
  ...each("reader", NO_RIGHT, [...DEFINE, ...DELETE, ...IDENTITY, AUDIT, OUTCOME, OUTCOMES, CLAIM]),

  ...each("writer", ALLOWED, [...READS, ROW, MAKE_TABLE, MAKE_CHANNEL, RELABEL, COUNT, OUTCOME, OUTCOMES, CLAIM]),
  ...each("writer", NO_RIGHT, [...FOR_NOBODY, ...SECRETS, NEW_KEY, ...IDENTITY, AUDIT, ...DEFINE, ...DELETE]),
  ...each("writer", BAD_ARGUMENT, BAD_TABLES),

  ...each("admin", ALLOWED, [...READS, MAKE_TABLE, MAKE_CHANNEL, ...DEFINE, ...DELETE, AUDIT]),
  ...each("admin", NO_RIGHT, [...FOR_NOBODY, ...SECRETS, NEW_KEY, ...IDENTITY, ROW, COUNT, OUTCOME, OUTCOMES, CLAIM]),
  ...each("admin", BAD_ARGUMENT, [...BAD_TABLES, ...BAD_SLOTS]),

  ...each("auth", ALLOWED, [...SECRETS, NEW_KEY, ...IDENTITY]),
  ...each("auth", NO_RIGHT, [...FOR_NOBODY, ...READS, "select from {chunk}", ROW, MAKE_TABLE, MAKE_CHANNEL, RELABEL, COUNT]),
  ...each("auth", NO_RIGHT, [...DEFINE, ...DELETE, AUDIT, OUTCOME, OUTCOMES, CLAIM]),
];
