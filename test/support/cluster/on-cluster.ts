/** In charge of statements to a PostgreSQL server: to any, and to the one that KRONICLE_TEST_DATABASE_URL names. */
import { createRolePool } from "../../../server/src/db/pool/create-role-pool.ts";
import { statement } from "../owner.ts";

export const SERVER_URL = process.env["KRONICLE_TEST_DATABASE_URL"] || null;

/** @returns the rows of the last statement. */
export async function onServer(url: string, ...statements: string[]): Promise<readonly Readonly<Record<string, unknown>>[]> {
  const pool = await createRolePool(url, { size: 1, statementTimeoutMs: 60_000 });
  try {
    let rows: readonly Readonly<Record<string, unknown>>[] = [];
    for (const text of statements) ({ rows } = await pool.query(statement(text)));
    return rows;
  } finally {
    await pool.end();
  }
}

/** Outside of any test database. */
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
