/** In charge of the URLs by which sessions reach a real server: as which role, and with which settings. */
import type { Config } from "../config/config.ts";
import type { DatabaseRole } from "../config/database-role.ts";
import { splitUrls } from "../config/database-url.ts";

/** How often PostgreSQL looks, while it works, whether anybody still waits for the result. */
const CLIENT_CHECK = "-c client_connection_check_interval=200";

/**
 * As timescaledb-tune sets it, and as PostgreSQL is to be told of anything but spinning disks. By default an index seems so dear that in a
 * chunk without statistics, as each new one is, all rows of a channel are read and sorted to find the newest: 80 ms instead of 0.1.
 */
export const RANDOM_PAGE_COST = 1.1;

/** A connection URL whose sessions act as the role, write times in UTC after ISO 8601, and end with their client. Null: as the login itself. */
export function withRole(url: string, role: string | null): string {
  const target = new URL(url);
  const settings = [
    // Before the options of the URL, which can undo them: PostgreSQL on Windows refuses to look.
    CLIENT_CHECK,
    `-c random_page_cost=${RANDOM_PAGE_COST}`,
    target.searchParams.get("options"),
    role === null ? null : `-c role=${escapeOption(role)}`,
    "-c timezone=UTC",
    "-c datestyle=ISO",
  ];
  target.searchParams.set("options", settings.filter((setting) => setting !== null).join(" "));
  // A + would reach PostgreSQL as a plus.
  target.search = target.search.replaceAll("+", "%20");
  return target.href;
}

/** The server splits options at spaces. */
function escapeOption(value: string): string {
  return value.replaceAll(/[\\\s]/g, String.raw`\$&`);
}

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
