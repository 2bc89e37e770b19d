/** In charge of statements to a PostgreSQL server, by its URL. */
import { createPool } from "slonik";
import { nativeDriver } from "../../server/src/db/native-driver.ts";
import { statement } from "./owner.ts";

/** @returns the rows of the last statement. */
export async function onServer(url: string, ...statements: string[]): Promise<readonly Readonly<Record<string, unknown>>[]> {
  const pool = await createPool(url, { maxPoolSize: 1, driverFactory: nativeDriver });
  try {
    let rows: readonly Readonly<Record<string, unknown>>[] = [];
    for (const text of statements) ({ rows } = await pool.query(statement(text)));
    return rows;
  } finally {
    await pool.end();
  }
}
