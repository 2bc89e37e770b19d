import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { request } from "node:http";
import { json } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createChannel } from "../support/channels.ts";
import { createTestDatabase, isNative, type TestDatabase } from "../support/database.ts";
import { createDirectory } from "../support/directory.ts";
import { environmentFor, run, SERVER, startServerProcess } from "../support/process.ts";
import { KEYS } from "../support/server.ts";

const WORKERS = 2;
const PATIENCE = { timeout: 30_000, interval: 50 };

type Server = Awaited<ReturnType<typeof startServerProcess>>;

/** The processes that another has started, as Linux lists them. */
function childrenOf(pid: number): number[] {
  return readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").split(" ").filter(Boolean).map(Number);
}

async function killOneOf({ pid }: Server): Promise<void> {
  await expect.poll(() => childrenOf(pid), PATIENCE).not.toEqual([]);
  for (const worker of childrenOf(pid).slice(0, 1)) process.kill(worker, "SIGKILL");
}

function areAlive(pids: readonly number[]): boolean[] {
  const all = new Set(readdirSync("/proc"));
  return pids.map((pid) => all.has(String(pid)));
}

/** Over a connection of its own, so that any worker may get it. */
async function send(url: string, path: string, lane: keyof typeof KEYS, body?: object, headers: Record<string, string> = {}) {
  const sent = request(`${url}${path}`, {
    method: body === undefined ? "GET" : "POST",
    agent: false,
    headers: {
      Authorization: `Bearer ${KEYS[lane]}`,
      ...(body === undefined ? {} : { "Content-Type": "application/json" }),
      ...headers,
    },
  });
  sent.end(body === undefined ? undefined : JSON.stringify(body));
  const [response] = await once(sent, "response");
  return { status: response.statusCode, body: Object(await json(response)) };
}

describe("several processes on the embedded database", () => {
  test("are refused with 78 and a sentence, before anything is made", async () => {
    await using directory = await createDirectory();
    await using server = run(SERVER, { KRONICLE_DATA_DIR: `${directory.path}/data`, KRONICLE_WORKERS: "2" });
    expect(await server.ended).toEqual({ code: 78, signal: null });
    expect(server.stdout()).toBe("");
    expect(server.stderr()).toContain("KRONICLE_WORKERS: more than 1 needs DATABASE_URL");
    expect(readdirSync(directory.path)).toEqual([]);
  });
});

describe.runIf(isNative)("several processes", () => {
  let database: TestDatabase;
  let environment: Record<string, string>;
  let server: Server;
  let id: string;
  beforeAll(async () => {
    database = await createTestDatabase();
    environment = { ...environmentFor(database.settings), KRONICLE_WORKERS: String(WORKERS), KRONICLE_POOL_SIZE: "2" };
    server = await startServerProcess(environment);
    id = await createChannel(server, { channel_schema: { value: "int" } });
  });
  afterAll(async () => {
    await server[Symbol.asyncDispose]();
    await database[Symbol.asyncDispose]();
  });

  test("say once where they listen, and are as many as they should be", () => {
    expect(server.stdout()).toBe(`Kronicle listens on ${server.url}\n`);
    expect(childrenOf(server.pid)).toHaveLength(WORKERS);
    expect(server.stderr().match(/"msg":"listening"/g)).toHaveLength(WORKERS);
  });

  test("see at once what another has stored, and store what comes twice by one key once", async () => {
    for (let value = 1; value <= 20; value++) {
      const rows = [{ value }];
      expect(await send(server.url, `/data/v1/channels/${id}/rows`, "writer", { rows })).toMatchObject({ status: 200 });
      const { body } = await send(server.url, `/api/v1/channels/${id}/rows?limit=1&sort=-value`, "reader");
      expect(body).toMatchObject({ rows: [{ value }], available_rows: value });
    }
    const rows = [{ time: "2024-03-01T00:00:00Z", value: 0 }];
    const headers = { "Idempotency-Key": '"once"' };
    const repeat = () => send(server.url, `/data/v1/channels/${id}/rows`, "writer", { rows }, headers);
    const answers = await Promise.all(Array.from({ length: 20 }, repeat));
    expect(answers.filter(({ status }) => status !== 200 && status !== 409)).toEqual([]);
    expect((await repeat()).status).toBe(200);
    const { body } = await send(server.url, `/api/v1/channels/${id}/rows?col[value]=0`, "reader");
    expect(body.rows).toHaveLength(1);
  });

  test("lose none of what they have acknowledged when one is killed, and another takes its place", async () => {
    const before = childrenOf(server.pid);
    const { body: first } = await send(server.url, `/api/v1/channels/${id}`, "reader");
    let acknowledged = 0;
    const enough = new AbortController();
    const writers = Promise.all(
      Array.from({ length: 6 }, async () => {
        while (!enough.signal.aborted) {
          const answer = await send(server.url, `/data/v1/channels/${id}/rows`, "writer", { rows: [{ value: 1 }] }).catch(
            () => null,
          );
          if (answer?.status === 200) acknowledged++;
        }
      }),
    );
    await expect.poll(() => acknowledged, PATIENCE).toBeGreaterThan(50);
    await killOneOf(server);
    await expect.poll(() => childrenOf(server.pid).filter((pid) => !before.includes(pid)), PATIENCE).toHaveLength(1);
    await server.waitFor("stderr", /a worker died/);
    const goal = acknowledged + 50;
    await expect.poll(() => acknowledged, PATIENCE).toBeGreaterThan(goal);
    enough.abort();
    await writers;
    const { body: last } = await send(server.url, `/api/v1/channels/${id}`, "reader");
    expect(last.available_rows - first.available_rows).toBeGreaterThanOrEqual(acknowledged);
  });

  test("answer what was begun when they are stopped, and then all end with 0", async () => {
    await using other = await startServerProcess(environment);
    const workers = childrenOf(other.pid);
    const body = JSON.stringify({ rows: [{ value: 1 }] });
    const headers = {
      Authorization: `Bearer ${KEYS.writer}`,
      "Content-Type": "application/json",
      "Content-Length": body.length,
      Expect: "100-continue",
    };
    const uploads = Array.from({ length: 2 * WORKERS }, () =>
      request(`${other.url}/data/v1/channels/${id}/rows`, { method: "POST", agent: false, headers }),
    );
    for (const upload of uploads) upload.flushHeaders();
    await Promise.all(uploads.map((upload) => once(upload, "continue")));
    const ended = other.end("SIGTERM");
    await expect.poll(() => other.stderr().match(/"msg":"stopping"/g), PATIENCE).toHaveLength(WORKERS);
    const statuses = uploads.map(async (upload) => {
      upload.end(body);
      const [response] = await once(upload, "response");
      response.resume();
      return response.statusCode;
    });
    expect(await Promise.all(statuses)).toEqual(uploads.map(() => 200));
    expect(await ended).toEqual({ code: 0, signal: null });
    expect(areAlive(workers)).toEqual(workers.map(() => false));
  });

  test("end with the process that started them", async () => {
    await using other = await startServerProcess(environment);
    const workers = childrenOf(other.pid);
    await other.end("SIGKILL");
    await expect.poll(() => areAlive(workers), PATIENCE).toEqual(workers.map(() => false));
  });

  test("give up with 1 and a word when they die again and again", async () => {
    await using other = await startServerProcess(environment);
    for (let deaths = 1; deaths <= 6; deaths++) {
      await killOneOf(other);
      await expect.poll(() => other.stderr().match(/a worker died|gives up/g), PATIENCE).toHaveLength(deaths);
    }
    expect(await other.ended).toEqual({ code: 1, signal: null });
    expect(other.stderr()).toContain("the server gives up");
  });

  test("do not share their port with another server", async () => {
    await using other = run(SERVER, { ...environment, KRONICLE_PORT: new URL(server.url).port });
    expect(await other.ended).toEqual({ code: 78, signal: null });
    expect(other.stderr()).toMatch(/^Port \d+ of 127.0.0.1 is in use\./);
  });

  test("end with the code of the first when it cannot start, and say why once", async () => {
    await using other = run(SERVER, { ...environment, DATABASE_URL: "postgres://app:app@127.0.0.1:1/none", KRONICLE_PORT: "0" });
    expect(await other.ended).toEqual({ code: 69, signal: null });
    expect(other.stderr().match(/cannot be opened/g)).toHaveLength(1);
    expect(other.stdout()).toBe("");
  });
});
