import type { Config } from "../../config/config.ts";
import type { PerDatabaseRole } from "../../config/database-role.ts";

/** Most connections that a server opens for each database role. */
export function poolSizes({ poolSize }: Pick<Config, "poolSize">): PerDatabaseRole<number> {
  return { reader: poolSize, writer: poolSize, admin: 4, auth: 2 };
}
