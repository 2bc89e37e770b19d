import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { sql } from "slonik";
import { z } from "zod";
import { createChannel, getChannel } from "../../support/channels.ts";
import { as } from "../../support/http.ts";
import { inParallel } from "../../support/in-parallel.ts";
import { startTestServer, type TestServer } from "../../support/server.ts";

type Rows = { time: string; value: number }[];

function minutes(count: number, offset = 0): Rows {
  const start = Date.parse("2024-03-01T00:00:00Z");
  return Array.from({ length: count }, (_, index) => ({
    time: new Date(start + (offset + index) * 60_000).toISOString(),
    value: offset + index,
  }));
}

/** What the tables hold, as opposed to what the counters say. */
function countRows({ context }: TestServer): Promise<number> {
  const count = z.object({ count: z.int() });
  return context.database.pools.reader.oneFirst(sql.type(count)`select count(*)::integer as count from series.s_1`);
}

describe("one channel, eight writers of fifty appends each", () => {
  test("counts what it holds, and no answer counts less than its writer has stored", async () => {
    await using server = await startTestServer();
    const definition = { channel_schema: { value: "float" } };
    const id = await createChannel(server, definition);
    const path = `/data/v1/channels/${id}/rows`;

    await inParallel(8, 8, async (writer) => {
      let before = 0;
      for (let round = 0; round < 50; round++) {
        const rows = minutes(2, (writer * 50 + round) * 2);
        const { body } = await as("writer", server).post(path).send({ rows }).expect(200);
        expect(body.available_rows).toBeGreaterThanOrEqual(before + rows.length);
        before = body.available_rows;
      }
    });
    expect(await countRows(server)).toBe(800);
    expect(await getChannel(server, id)).toMatchObject({
      available_rows: 800,
      first_time: "2024-03-01T00:00:00Z",
      last_time: "2024-03-01T13:19:00Z",
    });
  });
});

describe("first writers of one new channel", () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startTestServer();
  });
  afterAll(() => server[Symbol.asyncDispose]());

  test.each(["name", "channel_id"] as const)("make one channel between them, by %s, with the rows of both", async (field) => {
    await inParallel(10, 1, async (round) => {
      const identity = { [field]: field === "name" ? `raced ${round}` : `6e8bc430-9c3a-4f5c-8d2e-0000000000${10 + round}` };
      const answers = await inParallel(2, 2, (writer) =>
        as("writer", server)
          .post("/data/v1/channels")
          .send({ ...identity, channel_schema: { value: "float" }, rows: minutes(1, writer) }),
      );
      expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 201]);
      const [left, right] = answers.map(({ body }) => body.channel_id);
      expect(left).toBe(right);

      const { body } = await as("reader", server).get(`/api/v1/channels/${left}/rows?sort=time`).expect(200);
      expect(body.rows.map((row: { value: number }) => row.value)).toEqual([0, 1]);
      expect(body.available_rows).toBe(2);
    });
  });

  test("make one channel between them and as many labels as they gave", async () => {
    const answers = await inParallel(8, 8, (writer) =>
      as("writer", server)
        .post("/data/v1/channels")
        .send({ name: "labelled", channel_schema: { value: "float" }, tags: { writer }, rows: minutes(1, writer) }),
    );
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 200, 200, 200, 200, 200, 200, 201]);
    const channel = await getChannel(server, answers[0]?.body.channel_id);
    expect(channel.available_rows).toBe(8);
    expect([0, 1, 2, 3, 4, 5, 6, 7]).toContain(channel.tags.writer);
  });
});
