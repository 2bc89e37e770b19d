import { describe, expect, test } from "vitest";
import { sql } from "slonik";
import { z } from "zod";
import { createChannel, appendRows } from "../../support/channels.ts";
import { createTestDatabase, isNative } from "../../support/database.ts";
import { as } from "../../support/http.ts";
import { inParallel } from "../../support/in-parallel.ts";
import { startTestServer, type TestServer } from "../../support/server.ts";

/** Two servers on one database; the even requests of a test go to one, the odd ones to the other. */
async function startPair() {
  const database = await createTestDatabase();
  const pair = [await startTestServer(database.settings), await startTestServer(database.settings)] as const;
  return {
    pair,
    of: (index: number): TestServer => pair[index % 2 === 0 ? 0 : 1],
    [Symbol.asyncDispose]: async () => {
      await Promise.all(pair.map((server) => server[Symbol.asyncDispose]()));
      await database[Symbol.asyncDispose]();
    },
  };
}

const ROW = { time: "2024-03-01T00:00:00Z", value: 1.5 };
const CHANNEL_SCHEMA = { value: "float" };

// The embedded database belongs to one process: a second one is refused (see process/start.test.ts).
describe.runIf(isNative)("two servers on one database", () => {
  test("see each other's channels, rows and keys", async () => {
    await using servers = await startPair();
    const [left, right] = servers.pair;
    const definition = { name: "left", channel_schema: CHANNEL_SCHEMA };
    const id = await createChannel(left, definition);
    await appendRows(right, id, [ROW]);
    const { body } = await as("reader", left).get(`/api/v1/channels/${id}/rows`).expect(200);
    expect(body.rows).toEqual([ROW]);
    await as("admin", right).post("/setup/v1/channels").send(definition).expect(409);

    const { body: made } = await as("admin", left).post("/auth/v1/keys").send({ lane: "reader" }).expect(201);
    const response = await fetch(`${right.url}/api/v1/channels`, { headers: { Authorization: `Bearer ${made.key}` } });
    expect(response.status).toBe(200);
  });

  test("count every row that either of them stored", async () => {
    await using servers = await startPair();
    const definition = { channel_schema: CHANNEL_SCHEMA };
    const { body: channel } = await as("admin", servers.of(0)).post("/setup/v1/channels").send(definition).expect(201);
    await inParallel(200, 8, (index) =>
      as("writer", servers.of(index))
        .post(`/data/v1/channels/${channel.channel_id}/rows`)
        .send({ rows: [ROW, ROW, ROW] })
        .expect(200),
    );
    for (const server of servers.pair) {
      const { body } = await as("reader", server).get(`/api/v1/channels/${channel.channel_id}`).expect(200);
      expect(body.available_rows).toBe(600);
    }
    const stored = await servers
      .of(0)
      .context.database.pools.reader.oneFirst(
        sql.type(z.object({ count: z.int() }))`select count(*)::integer as count from series.s_1`,
      );
    expect(stored).toBe(600);
  });

  test("store a keyed request once when it comes to both at once, and count what others bring meanwhile", async () => {
    await using servers = await startPair();
    const definition = { channel_schema: CHANNEL_SCHEMA };
    const { body: channel } = await as("admin", servers.of(0)).post("/setup/v1/channels").send(definition).expect(201);
    // Each key comes twice to each server.
    const answers = await inParallel(80, 16, (index) =>
      as("writer", servers.of(index))
        .post(`/data/v1/channels/${channel.channel_id}/rows`)
        .set("Idempotency-Key", `key-${Math.floor(index / 4)}`)
        .send({ rows: [{ ...ROW, value: Math.floor(index / 4) }] }),
    );
    expect(answers.filter(({ status }) => ![200, 409].includes(status))).toEqual([]);
    const { body } = await as("reader", servers.of(1)).get(`/api/v1/channels/${channel.channel_id}/rows`).expect(200);
    const values = body.rows.map((row: { value: number }) => row.value);
    expect(values.toSorted((left: number, right: number) => left - right)).toEqual([...Array(20).keys()]);
    expect(body.available_rows).toBe(20);
  });

  test("make one channel when first writers race through both", async () => {
    await using servers = await startPair();
    for (let round = 0; round < 10; round++) {
      const answers = await inParallel(6, 6, (writer) =>
        as("writer", servers.of(writer))
          .post("/data/v1/channels")
          .send({ name: `raced ${round}`, channel_schema: CHANNEL_SCHEMA, rows: [{ ...ROW, value: writer }] }),
      );
      expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 200, 200, 200, 200, 201]);
      const ids = new Set(answers.map(({ body }) => body.channel_id));
      expect(ids.size).toBe(1);

      const { body } = await as("reader", servers.of(round))
        .get(`/api/v1/channels/${[...ids][0]}/rows`)
        .expect(200);
      const values = body.rows.map((row: { value: number }) => row.value);
      expect(values.toSorted()).toEqual([0, 1, 2, 3, 4, 5]);
    }
  });

  test("make one table when first channels of a layout race through both", async () => {
    await using servers = await startPair();
    const answers = await inParallel(8, 8, (index) =>
      as("admin", servers.of(index))
        .post("/setup/v1/channels")
        .send({ channel_schema: { a: "float", b: "str", c: "uuid" } }),
    );
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 8 }, () => 201));
    const tables = await servers
      .of(0)
      .context.database.pools.reader.anyFirst(
        sql.type(z.object({ name: z.string() }))`select t.table_name as name from kronicle.series_table t`,
      );
    expect(tables).toHaveLength(1);
  });
});
