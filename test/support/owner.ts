/** In charge of SQL with the rights of the owner of a database, which no lane has: to look behind the walls, and to set scenes. */
import type { RunningServer } from "@kronicle/server/server";
import { type CommonQueryMethods, createPool, type QuerySqlToken, sql } from "slonik";
import { z } from "zod";

export async function asOwner<T>(
  { config, database }: Pick<RunningServer["context"], "config" | "database">,
  work: (connection: CommonQueryMethods) => Promise<T>,
): Promise<T> {
  if (config.databaseUrl !== null) {
    const pool = await createPool(config.databaseUrl, { maxPoolSize: 1 });
    try {
      return await work(pool);
    } finally {
      await pool.end();
    }
  }
  // The embedded database has one session, and any lane can become its owner again: only a server with separate logins has the full wall.
  return database.pools.admin.connect(async (connection) => {
    await connection.query(statement("set session authorization postgres"));
    try {
      return await work(connection);
    } finally {
      await connection.query(statement('set session authorization "kronicle_admin"'));
    }
  });
}

/** A statement from plain text, for tests that bring statements as data. */
export function statement(text: string): QuerySqlToken<z.ZodObject> {
  return { ...sql.type(z.looseObject({}))`select`, sql: text };
}
