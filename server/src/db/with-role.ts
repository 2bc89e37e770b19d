/** A connection URL whose sessions act as the role, in UTC. Null: as the login itself. */
export function withRole(url: string, role: string | null): string {
  const target = new URL(url);
  const settings = [
    target.searchParams.get("options"),
    role === null ? null : `-c role=${escapeOption(role)}`,
    "-c timezone=UTC",
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
