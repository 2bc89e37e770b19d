import { RANDOM_PAGE_COST } from "./pool/random-page-cost.ts";

/** How often PostgreSQL looks, while it works, whether anybody still waits for the result. */
const CLIENT_CHECK = "-c client_connection_check_interval=200";

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
