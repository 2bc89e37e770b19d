import type { Config } from "../../config/config.ts";
import type { DatabaseRole } from "../../config/database-role.ts";
import { splitUrls } from "../../config/split-urls.ts";
import { withRole } from "../with-role.ts";

/**
 * The URL by which a database role reaches a real server, or several URLs. A login of its own needs no role: it has one, and cannot take on another.
 *
 * @param name of the role in the cluster.
 */
export function roleUrl(
  { databaseUrl, roleUrls }: Pick<Config, "databaseUrl" | "roleUrls">,
  role: DatabaseRole,
  name: string,
): string {
  const own = roleUrls[role];
  if (own === null) return withRole(databaseUrl ?? "", name);
  return splitUrls(own)
    .map((url) => withRole(url, null))
    .join(",");
}
