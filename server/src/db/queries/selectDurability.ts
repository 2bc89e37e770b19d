import { type CommonQueryMethods, sql } from "slonik";
import { z } from "zod";

const durability = z.object({
  login: z.string(),
  fsync: z.string(),
  full_page_writes: z.string(),
  synchronous_commit: z.string(),
});

/** Whether commits of this session are on disk when they are said to be. */
export function selectDurability(connection: CommonQueryMethods) {
  return connection.one(sql.type(durability)`
    select
      session_user as login,
      current_setting('fsync') as fsync,
      current_setting('full_page_writes') as full_page_writes,
      current_setting('synchronous_commit') as synchronous_commit
  `);
}
