import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { chmod, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { expect, test } from "vitest";
import { createFilledChannel } from "../support/channels.ts";
import { createNamedDatabase } from "../support/cluster/databases.ts";
import { as } from "../support/http.ts";
import { isNative } from "../support/database.ts";
import { createDirectory } from "../support/directory.ts";
import { onServer } from "../support/cluster/on-cluster.ts";
import { environmentFor, startServerProcess } from "../support/process.ts";
import { describeAnswers, recordFigure } from "./figures.ts";
import { startLoad } from "./load.ts";
import { readiness } from "./readiness.ts";
import { UNLIMITED } from "./unlimited.ts";

/** Debian's package of that name; it refuses to run as root. */
const canRun = isNative && process.getuid?.() === 0 && spawnSync("pgbouncer", ["--version"]).status === 0;
const NOBODY = 65_534;
const NAME = "kronicle_bounced";
const LANES = ["reader", "writer", "admin", "auth"] as const;
const SESSIONS_OF_A_LANE = 2;

type Bouncer = AsyncDisposable & { readonly port: number };

async function startBouncer(databaseUrl: string, passwords: Readonly<Record<string, string>>): Promise<Bouncer> {
  const { hostname, port } = new URL(databaseUrl);
  const directory = await createDirectory();
  await chmod(directory.path, 0o755);
  const listenPort = await freePort();
  await writeFile(
    `${directory.path}/users`,
    Object.entries(passwords)
      .map(([user, password]) => `"${user}" "${password}"`)
      .join("\n"),
  );
  await writeFile(
    `${directory.path}/pgbouncer.ini`,
    `
[databases]
${NAME} = host=${hostname} port=${port} dbname=${NAME}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${listenPort}
unix_socket_dir =
auth_type = scram-sha-256
auth_file = ${directory.path}/users
pool_mode = transaction
default_pool_size = ${SESSIONS_OF_A_LANE}
ignore_startup_parameters = options, statement_timeout, idle_in_transaction_session_timeout
`,
  );
  const bouncer: ChildProcess = spawn("pgbouncer", [`${directory.path}/pgbouncer.ini`], {
    uid: NOBODY,
    gid: NOBODY,
    stdio: "ignore",
  });
  const ended = once(bouncer, "exit");
  return {
    port: listenPort,
    [Symbol.asyncDispose]: async () => {
      bouncer.kill("SIGKILL");
      await ended;
      await directory[Symbol.asyncDispose]();
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  if (address === null || typeof address === "string") throw new Error("there is no free port");
  return address.port;
}

test.runIf(canRun)(
  "a server works behind PgBouncer that pools transactions, with a login for each lane",
  { timeout: 120_000 },
  async (context) => {
    await using database = await createNamedDatabase(NAME);
    const { databaseUrl } = database.settings;
    const environment = environmentFor({ ...database.settings, dataDir: "" });
    {
      await using first = await startServerProcess(environment);
      await first.end("SIGTERM");
    }
    const passwords = Object.fromEntries(LANES.map((lane) => [`${NAME}_${lane}`, `of ${lane}`]));
    await onServer(
      databaseUrl,
      ...Object.entries(passwords).map(([role, password]) => `alter role "${role}" login password '${password}'`),
      // What PgBouncer keeps from the server, the logins have to say.
      ...LANES.map((lane) => `alter role "${NAME}_${lane}" set statement_timeout = '30s'`),
      `alter database "${NAME}" set timezone = 'Asia/Tokyo'`,
      ...LANES.map((lane) => `alter role "${NAME}_${lane}" set timezone = 'UTC'`),
    );
    await using bouncer = await startBouncer(databaseUrl, passwords);
    const urls = LANES.map((lane) => [
      `KRONICLE_${lane.toUpperCase()}_DATABASE_URL`,
      `postgres://${NAME}_${lane}:of%20${lane}@127.0.0.1:${bouncer.port}/${NAME}`,
    ]);
    await using server = await startServerProcess({ ...environment, ...Object.fromEntries(urls), ...UNLIMITED });

    expect(await readiness(server.url)).toEqual({ status: 200, reasons: [] });
    const { body: capabilities } = await as("admin", server).get("/setup/v1/capabilities").expect(200);
    expect(capabilities.walls.separate_logins).toBe(true);
    const rows = [{ time: "2024-03-01T00:00:00.123456Z", at: "2024-03-01T12:00:00Z" }];
    const id = await createFilledChannel(server, { name: "bounced", channel_schema: { at: "datetime" }, rows });
    const { body: read } = await as("reader", server).get(`/api/v1/channels/${id}/rows`).expect(200);
    expect(read.rows).toEqual(rows);

    const load = await startLoad(() => server.url, { persistent: true });
    await load.progress(500);
    const sessions = await onServer(databaseUrl, `select usename from pg_stat_activity where usename like '${NAME}_%'`);
    await load.stop();
    expect(await load.check(server.url)).toEqual({ lost: [], doubled: [], unknown: [] });
    expect([...load.answers.keys()]).toEqual(["200"]);
    expect(sessions.length).toBeLessThanOrEqual(LANES.length * SESSIONS_OF_A_LANE);
    recordFigure(context, `${describeAnswers(load.answers)}, over ${sessions.length} sessions; lost 0, doubled 0`);
  },
);
