/** In charge of the ways in which a server can reach its database: how many walls stand depends on them. */
import { createVirginDatabases } from "../../support/cluster/databases.ts";
import { isNative } from "../../support/database.ts";
import { asOwner, statement } from "../../support/owner.ts";
import { CLI, environmentFor, run } from "../../support/process.ts";
import { startTestServer, type TestServer } from "../../support/server.ts";
import { LANES } from "./lane.ts";

export type Deployment = {
  readonly name: "separate logins" | "one login" | "embedded";
  readonly start: () => Promise<TestServer>;
};

/** Those of the database that the suite runs on. */
export const DEPLOYMENTS: readonly Deployment[] = isNative
  ? [
      { name: "separate logins", start: startWithSeparateLogins },
      { name: "one login", start: startTestServer },
    ]
  : [{ name: "embedded", start: startTestServer }];

/** As an operator does it: start once, run the SQL that `kronicle db logins` prints, and start with the settings that it prints. */
async function startWithSeparateLogins(): Promise<TestServer> {
  const database = await createVirginDatabases(1);
  const [settings] = database.settings;
  if (!settings) throw new Error("no database was made");
  {
    await using first = await startTestServer(settings);
    await using command = run([...CLI, "db", "logins"], environmentFor(settings));
    const { code } = await command.ended;
    if (code !== 0) throw new Error(command.stderr());
    const lines = command.stdout().split("\n");
    await asOwner(first.context, async (owner) => {
      for (const line of lines) if (line !== "" && !line.startsWith("--")) await owner.query(statement(line));
    });
    const urlOf = (lane: string) =>
      new RegExp(`^-- KRONICLE_${lane.toUpperCase()}_DATABASE_URL=(.+)$`, "m").exec(command.stdout())?.[1] ?? "";
    const [reader, writer, admin, auth] = LANES.map(urlOf);
    if (!reader || !writer || !admin || !auth) throw new Error("a lane has no URL of its own");
    await first.stop();
    const server = await startTestServer({ ...settings, roleUrls: { reader, writer, admin, auth } });
    return {
      ...server,
      [Symbol.asyncDispose]: async () => {
        await server[Symbol.asyncDispose]();
        await database[Symbol.asyncDispose]();
      },
    };
  }
}
