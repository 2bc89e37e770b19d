import { once } from "node:events";
import { request } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { beforeAll, describe, expect, test } from "vitest";
import { makeApiKey } from "../../server/src/access/api-key.ts";
import type { DatabaseRole } from "../../server/src/config/database-role.ts";
import { isNative } from "../support/database.ts";
import { anonymous, as } from "../support/http.ts";
import { KEYS, startTestServer } from "../support/server.ts";
import { useTestServer } from "../support/use-test-server.ts";
import { holdLane } from "./hold-lane.ts";

const ID = "6e8bc430-9c3a-4f5c-8d2e-2f1c9a7b4d10";
/** More than the groups that set out at once. */
const QUEUE = 4;
const TOO_MANY = 5;

const SOON = { timeout: 10_000 };

/** Connections of each lane; the embedded database has one for each. */
const SIZES = isNative ? { reader: 2, writer: 2, admin: 4, auth: 2 } : { reader: 1, writer: 1, admin: 1, auth: 1 };

const server = useTestServer({ poolSize: 2, queueSize: QUEUE });
let apiKeys: string[];
beforeAll(async () => {
  const channel = { channel_id: ID, channel_schema: { temperature: "float" } };
  await as("admin", server).post("/setup/v1/channels").send(channel).expect(201);
  apiKeys = [];
  for (let key = 0; key < QUEUE + TOO_MANY; key++) {
    const { body } = await as("admin", server).post("/auth/v1/keys").send({ lane: "reader" }).expect(201);
    apiKeys.push(body.key);
  }
});

const row = (second: number) => ({ time: `2024-03-01T00:00:0${second}Z`, temperature: second });

const REQUESTS: readonly (readonly [
  DatabaseRole,
  string,
  (index: number) => PromiseLike<{ status: number; headers: object; body: unknown }>,
])[] = [
  ["reader", "reads", () => as("reader", server).get(`/api/v1/channels/${ID}/rows`)],
  ["reader", "exports", () => as("reader", server).get(`/api/v1/channels/${ID}/rows/export`)],
  [
    "writer",
    "upserts",
    (index) =>
      as("writer", server)
        .post("/data/v1/channels")
        .send({ channel_id: ID, rows: [row(index)] }),
  ],
  ["admin", "changes", (index) => as("admin", server).patch(`/setup/v1/channels/${ID}`).send({ tags: { index } })],
  ["auth", "unknown keys", (index) => anonymous(server).get("/api/v1/channels").set("Authorization", `Bearer ${apiKeys[index]}`)],
];

describe("while all connections of a lane are in use", () => {
  test.each(REQUESTS)(
    "on the %s lane, few %s wait for one, and the others are told at once to come back",
    async (lane, _what, send) => {
      const held = await holdLane(server, lane, SIZES[lane]);
      const refused: { status: number; headers: object; body: unknown }[] = [];
      const enough = Promise.withResolvers<void>();
      const answers = Array.from({ length: QUEUE + TOO_MANY }, async (_, index) => {
        const answer = await send(index);
        if (answer.status === 503) refused.push(answer);
        if (refused.length === TOO_MANY) enough.resolve();
        return answer;
      });
      // Nobody gets a connection before this, so all those answers came without one.
      await enough.promise;
      await held[Symbol.asyncDispose]();

      const statuses = (await Promise.all(answers)).map(({ status }) => status);
      const served = statuses.filter((status) => status === 200).length;
      // The server itself looks for new signing keys now and then. Unknown keys are one caller, one of whose places it then takes.
      expect(served).toBeOneOf(lane === "auth" ? [QUEUE, QUEUE - 1] : [QUEUE]);
      expect(statuses.filter((status) => status === 503)).toHaveLength(QUEUE + TOO_MANY - served);
      for (const { body, headers } of refused) {
        expect(body).toMatchObject({ code: "database_busy" });
        expect(headers).toMatchObject({ "retry-after": "1" });
      }
    },
  );

  test("keys that are made up, another for each request, keep out none that is known", async () => {
    const read = (key: string | undefined) => anonymous(server).get("/api/v1/channels").set("Authorization", `Bearer ${key}`);
    const { pools } = server.context.database;
    await read(apiKeys[0]).expect(200);
    // Until it is looked up again.
    await sleep(4_500);
    const held = await holdLane(server, "auth", SIZES.auth);
    const strangers = Array.from({ length: QUEUE }, async () => (await read(makeApiKey("reader").text)).status);
    await expect.poll(() => pools.auth.state().waitingClients, SOON).toBe(QUEUE);
    const known = (async () => (await read(apiKeys[0])).status)();
    expect(await Promise.race(strangers)).toBe(503);
    await held[Symbol.asyncDispose]();
    expect(await known).toBe(200);
    expect(new Set(await Promise.all(strangers))).toEqual(new Set([401, 503]));
  });

  test("one credential that fills the queue keeps no other out", async () => {
    const read = () => as("reader", server).get(`/api/v1/channels/${ID}/rows`);
    const other = () => anonymous(server).get(`/api/v1/channels/${ID}/rows`).set("Authorization", `Bearer ${apiKeys[0]}`);
    await other().expect(200);
    const held = await holdLane(server, "reader", SIZES.reader);
    let refused = 0;
    const enough = Promise.withResolvers<void>();
    const greedy = Array.from({ length: QUEUE + TOO_MANY }, async () => {
      const { status } = await read();
      if (status === 503) refused++;
      if (refused === TOO_MANY) enough.resolve();
      return status;
    });
    await enough.promise;
    const honest = [other(), other()].map(async (request) => (await request).status);
    // They have taken the places of the last two, who are told so.
    await expect.poll(() => refused, SOON).toBe(TOO_MANY + 2);
    await held[Symbol.asyncDispose]();
    expect(await Promise.all(honest)).toEqual([200, 200]);
    expect((await Promise.all(greedy)).filter((status) => status === 200)).toHaveLength(QUEUE - 2);
  });

  test("appends gather, are stored together once there is a connection, and each is answered", async () => {
    const path = `/data/v1/channels/${ID}/rows`;
    // From here on the server knows the channel, and needs a connection for nothing but storing.
    await as("writer", server)
      .post(path)
      .send({ rows: [row(0)] })
      .expect(200);
    const held = await holdLane(server, "writer", SIZES.writer);
    const answers = Promise.all(
      Array.from({ length: 40 }, (_, index) =>
        as("writer", server)
          .post(path)
          .send({ rows: [row(index % 10)] }),
      ),
    );
    await expect.poll(() => server.context.database.pools.writer.state().waitingClients, SOON).toBeGreaterThan(0);
    await held[Symbol.asyncDispose]();
    expect((await answers).map(({ status }) => status)).toEqual(Array.from({ length: 40 }, () => 200));
  });

  test("other lanes and the health check answer", async () => {
    await using holds = new AsyncDisposableStack();
    holds.use(await holdLane(server, "reader", SIZES.reader));
    await anonymous(server).get("/health/live").expect(200);
    await as("writer", server).get(`/data/v1/channels/${ID}/rows`).expect(200);
    await as("admin", server).get(`/setup/v1/channels/${ID}/rows`).expect(200);
  });

  test("somebody who goes makes room for the next", async () => {
    const held = await holdLane(server, "reader", SIZES.reader);
    const { pools } = server.context.database;
    const headers = { Authorization: `Bearer ${KEYS.reader}` };
    const gone = Array.from({ length: QUEUE }, () => request(`${server.url}/api/v1/channels/${ID}/rows`, { headers }).end());
    for (const each of gone) each.on("error", () => {});
    await expect.poll(() => pools.reader.state().waitingClients, SOON).toBe(QUEUE);
    for (const each of gone) each.destroy();
    await expect.poll(() => pools.reader.state().waitingClients, SOON).toBe(0);
    const next = fetch(`${server.url}/api/v1/channels/${ID}/rows`, { headers });
    await expect.poll(() => pools.reader.state().waitingClients, SOON).toBe(1);
    await held[Symbol.asyncDispose]();
    expect((await next).status).toBe(200);
  });

  // The embedded database, whose one session serves all lanes, is given five times as long.
  test.runIf(isNative)("nobody waits longer than two seconds for a connection", async () => {
    await using holds = new AsyncDisposableStack();
    holds.use(await holdLane(server, "reader", SIZES.reader));
    const startedAt = performance.now();
    const { body } = await as("reader", server).get(`/api/v1/channels/${ID}/rows`).expect(503);
    expect(body).toMatchObject({ code: "database_busy" });
    expect(performance.now() - startedAt).toBeGreaterThan(1_900);
  });
});

describe("readiness", () => {
  test("is not lost by a lane that is busy and answers", async () => {
    const enough = new AbortController();
    const keepBusy = async () => {
      while (!enough.signal.aborted) await as("reader", server).get(`/api/v1/channels/${ID}/rows`);
    };
    const busy = Array.from({ length: 2 * (QUEUE + SIZES.reader) }, keepBusy);
    for (let round = 0; round < 10; round++) await anonymous(server).get("/health/ready").expect(200);
    enough.abort();
    await Promise.all(busy);
  });

  test("is lost by a lane that answers nobody", async () => {
    await using holds = new AsyncDisposableStack();
    holds.use(await holdLane(server, "writer", SIZES.writer));
    const { body } = await anonymous(server).get("/health/ready").expect(503);
    expect(body).toMatchObject({ errors: [{ code: "database_unreachable", detail: expect.stringContaining("writer") }] });
  });
});

describe.runIf(isNative)("an export that has begun", () => {
  test("is not turned away when the lane becomes busy, and ends with its last row", async () => {
    await using server = await startTestServer({ poolSize: 1 });
    const rows = Array.from({ length: 20_000 }, (_, index) => ({
      time: new Date(Date.parse("2024-04-01T00:00:00Z") + index).toISOString(),
      // So much that it does not fit into the buffers between.
      note: "x".repeat(100),
    }));
    const fields = { name: "long", channel_schema: { note: "str" }, rows };
    const { body } = await as("writer", server).post("/data/v1/channels").send(fields).expect(201);
    const path = `/api/v1/channels/${body.channel_id}`;

    const headers = { Authorization: `Bearer ${KEYS.reader}` };
    const [response] = await once(request(`${server.url}${path}/rows/export`, { headers }).end(), "response");
    expect(response.statusCode).toBe(200);
    const held = await holdLane(server, "reader", 1);
    let lines = 0;
    const ended = (async () => {
      for await (const piece of response.setEncoding("utf8")) lines += piece.split("\n").length - 1;
    })();
    // Its next page has been turned away by then.
    await sleep(2_500);
    expect(lines).toBeLessThan(rows.length);
    await held[Symbol.asyncDispose]();
    await ended;
    expect(lines).toBe(rows.length);
  });
});
