/** In charge of what a server asks its database: every statement on every lane, but for those of its own timers. */
import type { Interceptor } from "slonik";
import type { TestServer } from "./server.ts";

/** What the signing keys and the janitor ask every few seconds. */
const BY_TIMER = /kronicle\.(signing_key|purge_deleted|forget_idempotency_keys)|kronicle\.sign_in_attempt a where a\.since/;

/** The statements from now on, in the order in which they are sent. They go on to the database as ever. */
export function watchStatements({ context }: TestServer): readonly string[] {
  const seen: string[] = [];
  const watcher: Interceptor = {
    name: "watcher",
    beforeQueryExecution: (_context, { sql }) => {
      if (!BY_TIMER.test(sql)) seen.push(sql.trim());
      return null;
    },
  };
  // Slonik reads the list anew for each statement.
  for (const pool of Object.values(context.database.pools)) Array.prototype.push.call(pool.configuration.interceptors, watcher);
  return seen;
}
