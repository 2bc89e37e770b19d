import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createChannel } from "../../support/channels.ts";
import { as } from "../../support/http.ts";
import { createTestDatabase, type TestDatabase } from "../../support/database.ts";
import { asOwner, statement } from "../../support/owner.ts";
import { environmentFor, startServerProcess } from "../../support/process.ts";
import { KEYS, startTestServer } from "../../support/server.ts";

const ROWS = 1_000_000;
const NOTE = "a row long enough that a million of them do not fit into the memory below".padEnd(150, ".");

/** Of the heap of JavaScript; a server that has just started needs half of it. */
const HEAP_MB = 96;

let database: TestDatabase;
let id: string;

/** Which file each chunk is stored in: another one would say that it was written anew. */
let filesBefore: unknown;
let filesAfter: unknown;
const FILES =
  "select c.relname, c.relfilenode::text as file from pg_class c where c.relname like '_hyper%_chunk' order by c.relname";

beforeAll(async () => {
  database = await createTestDatabase();
  await using server = await startTestServer(database.settings);
  const fields = { channel_schema: { number: "int", note: "str" } };
  id = await createChannel(server, fields);
  filesBefore = await asOwner(server.context, async (owner) => {
    const time = "timestamptz '2024-01-01Z' + g * interval '1 second'";
    await owner.query(
      statement(`
        insert into series.s_1 (_channel, time, int8_1, text_1)
        select c.id, ${time}, g, '${NOTE}' from generate_series(0, ${ROWS - 1}) g, kronicle.channel c
      `),
    );
    await owner.query(
      statement(`
        insert into kronicle.channel_stats (channel, slot, row_count, first_time, last_time)
        select c.id, 0, ${ROWS}, ${time.replace("g *", "0 *")}, ${time.replace("g *", `${ROWS - 1} *`)} from kronicle.channel c
      `),
    );
    return owner.any(statement(FILES));
  });
  await as("admin", server)
    .patch(`/setup/v1/channels/${id}`)
    .send({ channel_schema: { comment: "optional[str]", checked: "optional[bool]" } })
    .expect(200);
  filesAfter = await asOwner(server.context, (owner) => owner.any(statement(FILES)));
}, 180_000);
afterAll(() => database[Symbol.asyncDispose]());

describe("a channel with a million rows", () => {
  test("gets optional columns without a row being written anew", () => {
    expect(filesBefore).not.toEqual([]);
    expect(filesAfter).toEqual(filesBefore);
  });

  test("is exported whole in little memory, and ends although its reader appends to it", async () => {
    const settings = { ...environmentFor(database.settings), KRONICLE_LOG_LEVEL: "warn", KRONICLE_RATE_LIMIT: "0" };
    await using server = await startServerProcess({ ...settings, NODE_OPTIONS: `--max-old-space-size=${HEAP_MB}` });
    const append = () =>
      as("writer", server)
        .post(`/data/v1/channels/${id}/rows`)
        .send({ rows: [{ time: "2024-06-01T00:00:00Z", number: ROWS, note: "later" }] })
        .expect(200);

    const response = await fetch(`${server.url}/api/v1/channels/${id}/rows/export?columns=number,note,comment&sort=time`, {
      headers: { Authorization: `Bearer ${KEYS.reader}` },
    });
    let next = 0;
    let rest = "";
    for await (const text of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
      const lines = (rest + text).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) {
        if (!line.includes(`"number":${next},`)) throw new Error(`row ${next} is missing: ${line}`);
        if (next++ % 100_000 === 0) await append();
      }
    }
    expect(next).toBe(ROWS);
    expect(rest).toBe("");
    const { body } = await as("reader", server).get(`/api/v1/channels/${id}`).expect(200);
    expect(body.available_rows).toBe(ROWS + 10);
  }, 180_000);

  test.each(["minmax", "m4", "lttb"])("shows its one outlier in a sample of 1,000 by %s", async (method) => {
    await using server = await startTestServer(database.settings);
    const outlier = { time: "2024-01-05T12:34:56.789Z", number: -1_000_000, note: "outlier" };
    await as("writer", server)
      .post(`/data/v1/channels/${id}/rows`)
      .send({ rows: [outlier] })
      .expect(200);
    const query = `column=number&columns=number&max_points=1000&method=${method}`;
    const { body } = await as("reader", server).get(`/api/v1/channels/${id}/rows/sample?${query}`).expect(200);
    expect(body.sampled_from).toBeGreaterThan(ROWS);
    expect(body.rows.length).toBeLessThanOrEqual(1_000);
    expect(body.rows).toContainEqual({ time: "2024-01-05T12:34:56.789000Z", number: -1_000_000 });
  });

  test("says what came first and last of all of them, however many workers the database has for it", async () => {
    await using server = await startTestServer(database.settings);
    const query = "fn[number]=first,last,delta&to=2024-01-05T00:00:00Z";
    const { body } = await as("reader", server).get(`/api/v1/channels/${id}/rows/aggregate?${query}`).expect(200);
    const last = 4 * 86_400 - 1;
    expect(body.buckets).toMatchObject([{ count: last + 1, values: { number: { first: 0, last, delta: last } } }]);
  });
});
