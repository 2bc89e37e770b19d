/** In charge of statements to a PostgreSQL server, by its URL. */
import { createRolePool } from "../../server/src/db/pool/create-role-pool.ts";
import { statement } from "./owner.ts";

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
