import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { isNative } from "../support/database.ts";
import { createDirectory } from "../support/directory.ts";
import { run, type RunningProcess, SERVER, startServerProcess } from "../support/process.ts";

const LANES = ["reader", "writer", "admin"] as const;
const KEY = /krn_\w+/g;

type Server = Awaited<ReturnType<typeof startServerProcess>>;

function keyOf(lane: (typeof LANES)[number], server: RunningProcess): string {
  return new RegExp(`^  ${lane} +(krn_${lane}_\\w+)$`, "m").exec(server.stdout())?.[1] ?? "";
}

function get(server: Pick<Server, "url">, path: string, key: string): Promise<Response> {
  return fetch(`${server.url}${path}`, { headers: { Authorization: `Bearer ${key}` } });
}

/** The commands that the first start prints, each with the lines it goes on over. */
function printedCommands(server: RunningProcess): string[] {
  return server.stdout().match(/^ {2}curl (?:.*\\\n)*.*$/gm) ?? [];
}

// Only an embedded database is made by the first start, so only there do keys come with it.
describe.skipIf(isNative)("a directory's first start", () => {
  let directory: Awaited<ReturnType<typeof createDirectory>>;
  let server: Server;
  beforeAll(async () => {
    directory = await createDirectory();
    server = await startServerProcess({ KRONICLE_DATA_DIR: `${directory.path}/data`, KRONICLE_LOG_LEVEL: "trace" });
  });
  afterAll(async () => {
    await server[Symbol.asyncDispose]();
    await directory[Symbol.asyncDispose]();
  });

  test("prints the address and one key for each lane, which work there", async () => {
    expect(server.stdout().split("\n")[0]).toBe(`Kronicle listens on ${server.url}`);
    expect(new Set(server.stdout().match(KEY)).size).toBe(LANES.length);

    const statuses = await Promise.all(
      LANES.map(async (lane) => (await get(server, "/api/v1/channels", keyOf(lane, server))).status),
    );
    expect(statuses).toEqual([200, 200, 200]);
    const made = await fetch(`${server.url}/setup/v1/channels`, {
      method: "POST",
      headers: { Authorization: `Bearer ${keyOf("writer", server)}`, "Content-Type": "application/json" },
      body: JSON.stringify({ channel_schema: { value: "float" } }),
    });
    expect(made.status).toBe(403);
  });

  test("prints commands that work when they are pasted into a shell", () => {
    const commands = printedCommands(server);
    expect(commands).toHaveLength(2);
    const answers = commands.map((command) => {
      const { stdout, status } = spawnSync("sh", ["-c", command], { encoding: "utf8" });
      expect(status).toBe(0);
      return JSON.parse(stdout);
    });
    expect(answers[0]).toMatchObject({ name: "hello-1", op_status: "success", available_rows: 1 });
    expect(answers[1]).toMatchObject([{ name: "hello-1", available_rows: 1 }]);
  });

  test("logs requests, and no key", async () => {
    await get(server, "/api/v1/channels", keyOf("reader", server));
    await get(server, `/api/v1/channels?cursor=${keyOf("reader", server)}`, keyOf("reader", server));
    await get(server, "/api/v1/channels", `${keyOf("admin", server)}x`);
    await server.waitFor("stderr", /"status":401/);
    expect(server.stderr()).toContain('"operation":"listChannels"');
    for (const key of server.stdout().match(KEY) ?? []) {
      expect(server.stderr()).not.toContain(key.split("_")[3]);
    }
  });

  test("is followed by starts that find the rows, take the keys, and print none", async () => {
    expect(await server.end("SIGTERM")).toEqual({ code: 0, signal: null });
    await using again = await startServerProcess({ KRONICLE_DATA_DIR: `${directory.path}/data` });
    expect(again.stdout()).toBe(`Kronicle listens on ${again.url}\n`);

    const list = await get(again, "/api/v1/channels", keyOf("reader", server));
    expect(list.status).toBe(200);
    expect(await list.json()).toMatchObject([{ name: "hello-1", available_rows: 1 }]);
    const keys = await fetch(`${again.url}/auth/v1/keys`, {
      method: "POST",
      headers: { Authorization: `Bearer ${keyOf("admin", server)}`, "Content-Type": "application/json" },
      body: JSON.stringify({ lane: "reader" }),
    });
    expect(keys.status).toBe(201);
  });
});

describe.skipIf(isNative)("a directory's first start that is killed half-way", () => {
  test("is made up for by the next, which prints the keys", async () => {
    await using directory = await createDirectory();
    const environment = { KRONICLE_DATA_DIR: `${directory.path}/data` };
    await using killed = run(SERVER, { KRONICLE_PORT: "0", ...environment });
    await expect
      .poll(() => existsSync(`${environment.KRONICLE_DATA_DIR}/postgres/base`), { timeout: 30_000, interval: 5 })
      .toBe(true);
    await killed.end("SIGKILL");
    expect(killed.stdout()).toBe("");

    await using server = await startServerProcess(environment);
    expect((await get(server, "/api/v1/channels", keyOf("admin", server))).status).toBe(200);
  });
});
