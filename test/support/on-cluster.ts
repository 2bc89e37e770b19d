/** In charge of statements to the server that KRONICLE_TEST_DATABASE_URL names, outside of any test database. */
import { onServer } from "./on-server.ts";

export const SERVER_URL = process.env["KRONICLE_TEST_DATABASE_URL"] || null;

export async function onCluster(...statements: string[]): Promise<void> {
  await onServer(SERVER_URL ?? "", ...statements);
}

/**
 * Not `with (force)`: it gives up when it meets a session of a superuser, which an autovacuum worker and TimescaleDB's
 * scheduler are. Without it, PostgreSQL and TimescaleDB end both by themselves.
 */
export async function dropDatabase(name: string): Promise<void> {
  await onCluster(
    `select pg_terminate_backend(pid) from pg_stat_activity where datname = '${name.replaceAll("'", "''")}' and usename = current_user`,
    `drop database "${name}"`,
  );
}
