import { type CommonQueryMethods, sql } from "slonik";
import { z } from "zod";
import type { DatabaseRole } from "../../config/database-role.ts";

/**
 * Reads a table that no operation of this database role does without, and tells whether the role has reached a replica, which takes no writes.
 */
export async function tryRole(connection: CommonQueryMethods, role: DatabaseRole): Promise<"read-only" | "writable"> {
  const table = role === "auth" ? sql.fragment`kronicle.api_key` : sql.fragment`kronicle.channel_stats`;
  const { read_only } = await connection.one(sql.type(z.object({ read_only: z.boolean(), is_used: z.boolean() }))`
    select pg_is_in_recovery() as read_only, exists (select from ${table}) as is_used
  `);
  return read_only ? "read-only" : "writable";
}
