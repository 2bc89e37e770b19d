import { beforeAll, describe, expect, test } from "vitest";
import { sql } from "slonik";
import { z } from "zod";
import { appendRows } from "../support/channels.ts";
import { as } from "../support/http.ts";
import { asOwner, statement } from "../support/owner.ts";
import { useTestServer } from "../support/use-test-server.ts";

const TABLE_LIMIT = 256;

const TWO_FLOATS = { a: "float", b: "float" };
const WIDE = { a: "float", b: "float", c: "float", d: "float", e: "float", note: "str" };
const NARROW = { a: "float", b: "float", c: "float", note: "str" };

const server = useTestServer();
beforeAll(async () => {
  // The wide one first, so that "narrowest" cannot be mistaken for "oldest".
  for (const channel_schema of [WIDE, NARROW, TWO_FLOATS]) await createChannel(channel_schema).expect(201);
});

function createChannel(channel_schema: Record<string, string>, density = "normal") {
  return as("admin", server).post("/setup/v1/channels").send({ channel_schema, density });
}

/** Layouts that exist on paper only, and that suit no channel of these tests: making 250 real tables would take minutes. */
function fillUpTo(count: number) {
  return asOwner(server.context, (owner) =>
    owner.query(
      statement(`
        insert into kronicle.series_table (slots, chunk_days)
        select jsonb_build_object('bool', n), 30
        from generate_series(1, ${count} - (select count(*) from kronicle.series_table)) n
      `),
    ),
  );
}

function countTables(): Promise<number> {
  return server.context.database.pools.reader.oneFirst(
    sql.type(z.object({ count: z.int() }))`select count(*)::integer as count from kronicle.series_table`,
  );
}

function slotsOf(channelId: string) {
  const layout = z.object({ slots: z.record(z.string(), z.int()) });
  return server.context.database.pools.reader.oneFirst(sql.type(layout)`
    select t.slots
    from kronicle.channel c
    join kronicle.series_table t on t.id = c.series_table
    where c.channel_id = ${channelId}::uuid
  `);
}

describe("just before the limit", () => {
  test("makes no table too many, whoever asks at once", async () => {
    await fillUpTo(TABLE_LIMIT - 1);
    const answers = await Promise.all(["int", "uuid", "datetime", "dict"].map((type) => createChannel({ value: type })));

    expect(answers.map(({ status }) => status).toSorted()).toEqual([201, 409, 409, 409]);
    expect(await countTables()).toBe(TABLE_LIMIT);
  });
});

describe("past the limit", () => {
  test("a channel whose layout exists gets its table", async () => {
    const { body } = await createChannel(TWO_FLOATS).expect(201);
    expect(await slotsOf(body.channel_id)).toEqual({ float8: 2 });
  });

  test.each([
    { what: "one float", channel_schema: { x: "float" }, slots: { float8: 2 } },
    { what: "a float and a text", channel_schema: { x: "float", y: "str" }, slots: { float8: 4, text: 1 } },
    { what: "a text", channel_schema: { y: "str" }, slots: { float8: 4, text: 1 } },
    {
      what: "six floats",
      channel_schema: { a: "float", b: "float", c: "float", d: "float", e: "float", f: "float" },
      slots: { float8: 8, text: 1 },
    },
  ])("$what goes to the narrowest table with room for it, and its rows come back", async ({ channel_schema, slots }) => {
    const { body: channel } = await createChannel(channel_schema).expect(201);
    expect(await slotsOf(channel.channel_id)).toEqual(slots);
    expect(await countTables()).toBe(TABLE_LIMIT);

    const values = Object.entries(channel_schema).map(([name, type]) => [name, type === "float" ? name.length / 3 : name]);
    const row = { time: "2024-03-01T00:00:00Z", ...Object.fromEntries(values) };
    await appendRows(server, channel.channel_id, [row]);
    const { body } = await as("reader", server).get(`/api/v1/channels/${channel.channel_id}/rows`).expect(200);
    expect(body.rows).toEqual([row]);
  });

  test.each([
    { what: "more slots than any table has", channel_schema: { a: "str", b: "str" }, row: { a: "x", b: "y" }, density: "normal" },
    { what: "another chunk interval", channel_schema: { a: "float" }, row: { a: 1.5 }, density: "sparse" },
  ])("$what is refused with 409 layout_limit, and leaves nothing behind", async ({ channel_schema, row, density }) => {
    const before = await as("reader", server).get("/api/v1/channels").expect(200);
    const { body } = await createChannel(channel_schema, density).expect(409);
    expect(body).toMatchObject({ code: "layout_limit", status: 409 });

    const upsert = { name: "refused", channel_schema, density, rows: [row] };
    const answer = await as("writer", server).post("/data/v1/channels").send(upsert).expect(409);
    expect(answer.body.code).toBe("layout_limit");

    const after = await as("reader", server).get("/api/v1/channels").expect(200);
    expect(after.body).toEqual(before.body);
    expect(await countTables()).toBe(TABLE_LIMIT);
  });
});
