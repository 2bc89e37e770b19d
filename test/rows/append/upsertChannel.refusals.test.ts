import { sql } from "slonik";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { as } from "../../support/http.ts";
import { useTestServer } from "../../support/use-test-server.ts";

const server = useTestServer();

const channel_schema = { temperature: "float" };
const UNKNOWN_ID = "33333333-0000-4000-8000-000000000000";

function upsert(fields: object) {
  return as("writer", server).post("/data/v1/channels").send(fields);
}

async function create(fields: object) {
  const { body } = await as("admin", server)
    .post("/setup/v1/channels")
    .send({ channel_schema, ...fields })
    .expect(201);
  return body;
}

async function listChannels(): Promise<object[]> {
  const { body } = await as("reader", server).get("/api/v1/channels").expect(200);
  return body;
}

/** A refusal has to leave the database exactly as it was. */
async function expectNoTrace(refused: () => Promise<void>): Promise<void> {
  const before = await listChannels();
  await refused();
  expect(await listChannels()).toEqual(before);
}

describe("400", () => {
  test("refuses a body that names no channel", () =>
    expectNoTrace(async () => {
      const { body } = await upsert({ channel_schema, rows: [] }).expect(400);
      expect(body).toMatchObject({ code: "request_invalid", errors: [{ pointer: "" }] });
    }));

  test.each([
    ["name", { name: "missing" }],
    ["id", { channel_id: UNKNOWN_ID }],
  ])("refuses to create without channel_schema, by %s", (_what, identity) =>
    expectNoTrace(async () => {
      const { body } = await upsert({ ...identity, rows: [{ temperature: 1 }] }).expect(400);
      expect(body).toMatchObject({ code: "request_invalid", errors: [{ pointer: "/channel_schema" }] });
    }),
  );

  test("refuses name and channel_name that differ, and takes them when equal", async () => {
    await expectNoTrace(async () => {
      const { body } = await upsert({ name: "a", channel_name: "b", channel_schema }).expect(400);
      expect(body).toMatchObject({ code: "request_invalid", errors: [{ pointer: "/channel_name" }] });
    });
    const { body } = await upsert({ name: "same", channel_name: "same", channel_schema }).expect(201);
    expect(body).toMatchObject({ name: "same" });
  });

  test("does not even leave the channel when a row is bad", () =>
    expectNoTrace(async () => {
      const rows = [{ temperature: 1 }, { temperature: "warm" }];
      const { body } = await upsert({ name: "bad row", channel_schema, rows }).expect(400);
      expect(body).toMatchObject({ code: "row_invalid", errors: [{ pointer: "/rows/1/temperature", code: "not_a_number" }] });
    }));

  test("does not even make storage for the columns when a row is bad", async () => {
    const countTables = () =>
      server.context.database.pools.reader.oneFirst(sql.type(z.object({ count: z.int() }))`
        select count(*)::integer as count from kronicle.series_table
      `);
    const before = await countTables();
    const schema = { a: "bool", b: "uuid", c: "datetime", d: "int", e: "dict" };
    await upsert({ name: "bad layout", channel_schema: schema, rows: [{ a: 1 }] }).expect(400);
    expect(await countTables()).toBe(before);
  });

  test("does not even leave the channel when the rows need too many chunks", () =>
    expectNoTrace(async () => {
      const rows = Array.from({ length: 65 }, (_, day) => ({
        time: new Date(Date.UTC(2019, 0, 1 + day)).toISOString(),
        temperature: day,
      }));
      const { body } = await upsert({ name: "wide", channel_schema, density: "dense", rows }).expect(400);
      expect(body).toMatchObject({ code: "too_many_chunks" });
    }));

  test("does not replace a label when a row is bad", async () => {
    await create({ name: "labels stay", metadata: { site: "roof" } });
    await expectNoTrace(async () => {
      const { body } = await upsert({ name: "labels stay", metadata: { site: "cellar" }, rows: [{}] }).expect(400);
      expect(body).toMatchObject({ code: "row_invalid" });
    });
  });

  test.each([
    [
      "a schema that breaks a rule",
      { channel_schema: { received_at: "datetime" } },
      "schema_invalid",
      "/channel_schema/received_at",
    ],
    ["column_info of an unknown column", { channel_schema, column_info: { wind: {} } }, "schema_invalid", "/column_info/wind"],
    ["metadata that cannot be stored", { channel_schema, metadata: { k: "\0" } }, "schema_invalid", "/metadata/k"],
    ["a tag that is null", { channel_schema, tags: { k: null } }, "request_invalid", "/tags/k"],
    ["a row that is no object", { channel_schema, rows: [1] }, "request_invalid", "/rows/0"],
    ["an unknown field", { channel_schema, strict: false }, "request_invalid", "/strict"],
  ])("refuses %s for a new channel and for one that exists", async (what, fields, code, pointer) => {
    const name = `both: ${what}`;
    await expectNoTrace(async () => {
      const { body } = await upsert({ name, ...fields }).expect(400);
      expect(body).toMatchObject({ code });
      expect(body.errors[0]).toMatchObject({ pointer });
    });
    await create({ name });
    await expectNoTrace(async () => {
      const { body } = await upsert({ name, ...fields }).expect(400);
      expect(body).toMatchObject({ code });
      expect(body.errors[0]).toMatchObject({ pointer });
    });
  });
});

describe("409", () => {
  test.each([
    ["a column more", { temperature: "float", note: "str", wind: "float" }],
    ["a column less", { temperature: "float" }],
    ["another column", { temperature: "float", remark: "str" }],
    ["another type", { temperature: "int", note: "str" }],
    ["a column made optional", { temperature: "float", note: "optional[str]" }],
    ["a name in another case", { Temperature: "float", note: "str" }],
  ])("refuses a schema with %s", async (what, given) => {
    const name = `conflict: ${what}`;
    await create({ name, channel_schema: { temperature: "float", note: "str" }, metadata: { site: "roof" } });
    await expectNoTrace(async () => {
      const { body } = await upsert({ name, channel_schema: given, metadata: { site: "cellar" }, rows: [] }).expect(409);
      expect(body).toMatchObject({ code: "schema_conflict" });
    });
  });

  test("refuses an id and a name of two channels", async () => {
    const { channel_id } = await create({ name: "one" });
    await create({ name: "two" });
    await expectNoTrace(async () => {
      const { body } = await upsert({ channel_id, name: "two", channel_schema, rows: [{ temperature: 1 }] }).expect(409);
      expect(body).toMatchObject({ code: "channel_ambiguous" });
    });
  });

  test("refuses a known name with an unknown id", async () => {
    await create({ name: "known name" });
    await expectNoTrace(async () => {
      const { body } = await upsert({ channel_id: UNKNOWN_ID, name: "known name", channel_schema }).expect(409);
      expect(body).toMatchObject({ code: "channel_ambiguous" });
    });
  });

  test("does not rename: a known id with an unknown name is refused", async () => {
    const { channel_id } = await create({ name: "old name" });
    const { channel_id: unnamed } = await create({});
    await expectNoTrace(async () => {
      for (const id of [channel_id, unnamed]) {
        const { body } = await upsert({ channel_id: id, name: "new name", channel_schema }).expect(409);
        expect(body).toMatchObject({ code: "channel_ambiguous" });
      }
    });
  });
});

describe("413, 415", () => {
  test("refuses a body over the limit", async () => {
    const { body } = await upsert({ name: "x".repeat(4 * 1024 * 1024), channel_schema }).expect(413);
    expect(body).toMatchObject({ code: "body_too_large" });
  });

  test("refuses another media type", async () => {
    const { body } = await as("writer", server).post("/data/v1/channels").type("text/csv").send("time,temperature\n").expect(415);
    expect(body).toMatchObject({ code: "media_type_unsupported" });
  });
});

describe("404", () => {
  test("is what a key that is limited to other channels gets: it creates none", async () => {
    const channels = ["6e8bc430-9c3a-4f5c-8d2e-2f1c9a7b4d10"];
    const { body: key } = await as("admin", server).post("/auth/v1/keys").send({ lane: "writer", channels }).expect(201);
    const { body } = await as("writer", server)
      .post("/data/v1/channels")
      .set("Authorization", `Bearer ${key.key}`)
      .send({ name: "made by a limited key", channel_schema: { value: "float" } })
      .expect(404);
    expect(body).toMatchObject({ code: "channel_not_found" });
  });
});
