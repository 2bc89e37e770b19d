/** In charge of what a person reads after a start. It holds keys, so it goes to stdout only, and never through the log. */
import type { Database } from "../db/database.ts";
import { existsKey } from "../identity/keys/queries/existsKey.ts";
import { insertKey, UNLIMITED } from "../identity/keys/queries/insertKey.ts";
import { makeApiKey } from "../access/api-key.ts";
import type { Role } from "../access/role.ts";

/**
 * An embedded database without keys gets one for each lane, shown this once.
 *
 * @param database null where this process has none.
 */
export async function printWelcome(url: string, database: Database | null): Promise<void> {
  const lines = [`Kronicle listens on ${url}`];
  if (database?.kind === "embedded" && !(await existsKey(database.pools.auth))) {
    const makeKey = async (role: Role) => {
      const key = makeApiKey(role);
      await insertKey(database.pools.auth, key, { ...UNLIMITED, label: "made at first start" });
      return key.text;
    };
    const [reader, writer, admin] = await Promise.all([makeKey("reader"), makeKey("writer"), makeKey("admin")]);
    lines.push(
      "",
      "A new database was made. These are its keys, one for each lane; they are shown this once:",
      "",
      `  reader  ${reader}`,
      `  writer  ${writer}`,
      `  admin   ${admin}`,
      "",
      "Try it: create a channel with a row, or append one if it is there, then read it.",
      "",
      ...firstSteps(url, { reader, writer }),
    );
  }
  process.stdout.write(`${lines.join("\n")}\n`);
}

/** Commands to paste. No other example defines a channel of this name, so that they work before and after all others, and again. */
export function firstSteps(url: string, { reader, writer }: { readonly reader: string; readonly writer: string }): string[] {
  return [
    `  curl -s ${url}/data/v1/channels -H 'Authorization: Bearer ${writer}' -H 'Content-Type: application/json' \\`,
    `    -d '{"name":"hello-1","channel_schema":{"temperature":"float"},"rows":[{"temperature":20.5}]}'`,
    "",
    `  curl -s ${url}/api/v1/channels -H 'Authorization: Bearer ${reader}'`,
  ];
}
