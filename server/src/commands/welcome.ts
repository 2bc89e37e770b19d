/** In charge of what a person reads after a start. It holds keys, so it goes to stdout only, and never through the log. */
import type { Database } from "../db/database.ts";
import { existsKey } from "../identity/keys/queries/existsKey.ts";
import { insertKey, UNLIMITED } from "../identity/keys/queries/insertKey.ts";
import { makeApiKey } from "../access/api-key.ts";
import { ROLES } from "../access/role.ts";

/**
 * An embedded database without keys gets one for each lane, shown this once.
 *
 * @param database null where this process has none.
 */
export async function printWelcome(url: string, database: Database | null): Promise<void> {
  const lines = [`Kronicle listens on ${url}`];
  if (database?.kind === "embedded" && !(await existsKey(database.pools.auth))) {
    const [reader, writer, admin] = await Promise.all(
      ROLES.map(async (role) => {
        const key = makeApiKey(role);
        await insertKey(database.pools.auth, key, { ...UNLIMITED, label: "made at first start" });
        return key.text;
      }),
    );
    lines.push(
      "",
      "A new database was made. These are its keys, one for each lane; they are shown this once:",
      "",
      `  reader  ${reader}`,
      `  writer  ${writer}`,
      `  admin   ${admin}`,
      "",
      "Try it: create a channel with a first row, then read it.",
      "",
      `  curl -s ${url}/data/v1/channels -H 'Authorization: Bearer ${writer}' -H 'Content-Type: application/json' \\`,
      `    -d '{"name":"thermo-1","channel_schema":{"temperature":"float"},"rows":[{"temperature":20.5}]}'`,
      "",
      `  curl -s ${url}/api/v1/channels -H 'Authorization: Bearer ${reader}'`,
    );
  }
  process.stdout.write(`${lines.join("\n")}\n`);
}
