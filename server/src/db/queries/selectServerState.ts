import { type CommonQueryMethods, sql } from "slonik";
import { z } from "zod";

const serverState = z.object({
  login: z.string(),
  version: z.string(),
  major: z.int(),
  encoding: z.string(),
  time_zone: z.string(),
  is_standby: z.boolean(),
  now_ms: z.number(),
  /** The version of the extension in this database; null when it is not there. */
  timescaledb: z.string().nullable(),
  /** Null also when it is there and its library is not loaded. */
  edition: z.string().nullable(),
  fsync: z.string(),
  full_page_writes: z.string(),
  synchronous_commit: z.string(),
  /** How many connections are left to those who are no superuser. */
  connections: z.int(),
  locks_per_transaction: z.int(),
  /** How many locks all sessions can hold together. */
  locks: z.int(),
  can_create_roles: z.boolean(),
  can_create_schemas: z.boolean(),
});

export type ServerState = z.infer<typeof serverState>;

/** What a server has to be like, before anything of ours is in the database. */
export function selectServerState(connection: CommonQueryMethods): Promise<ServerState> {
  return connection.one(sql.type(serverState)`
    select
      session_user as login,
      split_part(current_setting('server_version'), ' ', 1) as version,
      current_setting('server_version_num')::integer / 10000 as major,
      current_setting('server_encoding') as encoding,
      current_setting('TimeZone') as time_zone,
      pg_is_in_recovery() as is_standby,
      extract(epoch from clock_timestamp())::float8 * 1000 as now_ms,
      (select e.extversion from pg_extension e where e.extname = 'timescaledb') as timescaledb,
      current_setting('timescaledb.license', true) as edition,
      current_setting('fsync') as fsync,
      current_setting('full_page_writes') as full_page_writes,
      current_setting('synchronous_commit') as synchronous_commit,
      current_setting('max_connections')::integer
        - current_setting('superuser_reserved_connections')::integer
        - coalesce(current_setting('reserved_connections', true)::integer, 0) as connections,
      current_setting('max_locks_per_transaction')::integer as locks_per_transaction,
      current_setting('max_locks_per_transaction')::integer
        * (current_setting('max_connections')::integer + current_setting('max_prepared_transactions')::integer) as locks,
      (select r.rolsuper or r.rolcreaterole from pg_roles r where r.rolname = current_user) as can_create_roles,
      has_database_privilege(current_database(), 'create') as can_create_schemas
  `);
}
