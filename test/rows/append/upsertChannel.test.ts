import { describe, expect, test } from "vitest";
import { as } from "../../support/http.ts";
import { useTestServer } from "../../support/use-test-server.ts";

const server = useTestServer();

const channel_schema = { temperature: "float" };
const reading = (second: number) => ({ time: `2024-03-01T00:00:0${second}Z`, temperature: second });

function upsert(fields: object) {
  return as("writer", server).post("/data/v1/channels").send(fields);
}

async function read(path: string) {
  const { body } = await as("reader", server).get(path).expect(200);
  return body;
}

const readChannel = (id: string) => read(`/api/v1/channels/${id}`);
const readTimes = async (id: string): Promise<string[]> =>
  (await read(`/api/v1/channels/${id}/rows?sort=time`)).rows.map(({ time }: { time: string }) => time);

describe("201", () => {
  test("creates by name, stores the rows, and names the place of the channel", async () => {
    const definition = { name: "by name", channel_schema, metadata: { site: "roof" }, tags: { floor: 3 }, density: "sparse" };
    const { body, headers } = await upsert({ ...definition, rows: [reading(1), reading(2)] }).expect(201);

    expect(body).toMatchObject({
      ...definition,
      channel_schema: { time: "datetime", temperature: "float" },
      available_rows: 2,
      first_time: "2024-03-01T00:00:01Z",
      last_time: "2024-03-01T00:00:02Z",
      op_status: "success",
      op_details: { provided_rows: 2, inserted_rows: 2, rejected_rows: 0, ignored_rows: 0, available_rows: 2, details: [] },
    });
    const channel = await read(String(headers["location"]));
    expect(body).toMatchObject(channel);
    expect(await readTimes(channel.channel_id)).toEqual(["2024-03-01T00:00:01Z", "2024-03-01T00:00:02Z"]);
  });

  test("creates by id, without a name", async () => {
    const channel_id = "22222222-0000-4000-8000-000000000001";
    const { body } = await upsert({ channel_id, channel_schema, rows: [reading(1)] }).expect(201);
    expect(body).toMatchObject({ channel_id, name: null, available_rows: 1 });
  });

  test("creates by both", async () => {
    const identity = { channel_id: "22222222-0000-4000-8000-00000000000a", name: "by both" };
    const { body } = await upsert({ ...identity, channel_id: identity.channel_id.toUpperCase(), channel_schema }).expect(201);
    expect(body).toMatchObject(identity);
    expect(await readChannel(identity.channel_id)).toMatchObject(identity);
  });

  test("creates by channel_name, the older word", async () => {
    const { body } = await upsert({ channel_name: "old word", channel_schema }).expect(201);
    expect(body).toMatchObject({ name: "old word", channel_name: "old word" });
  });

  test.each([
    ["absent", {}],
    ["empty", { rows: [] }],
  ])("creates a channel when rows are %s", async (what, rows) => {
    const { body } = await upsert({ name: `rows ${what}`, channel_schema, ...rows }).expect(201);
    expect(body).toMatchObject({
      available_rows: 0,
      first_time: null,
      last_time: null,
      op_details: { provided_rows: 0, inserted_rows: 0 },
    });
  });
});

describe("200", () => {
  test("appends to a channel found by name, by id, by both, and by the older word", async () => {
    const { body: created } = await upsert({ name: "found", channel_schema, rows: [reading(0)] }).expect(201);
    const { channel_id } = created;
    const identities = [
      { name: "found" },
      { channel_id },
      { channel_id: channel_id.toUpperCase(), name: "found" },
      { channel_name: "found" },
    ];
    for (const [index, identity] of identities.entries()) {
      const { body } = await upsert({ ...identity, rows: [reading(index + 1)] }).expect(200);
      expect(body).toMatchObject({
        channel_id,
        name: "found",
        available_rows: index + 2,
        op_details: { available_rows: index + 2 },
      });
    }
    expect(await readTimes(channel_id)).toHaveLength(5);
  });

  test("leaves every field alone that is absent", async () => {
    const definition = {
      name: "kept",
      channel_schema,
      column_info: { temperature: { unit: "Cel" } },
      metadata: { site: "roof" },
      tags: { floor: 3 },
      density: "dense",
    };
    const { body: created } = await upsert(definition).expect(201);
    const before = await readChannel(created.channel_id);
    await upsert({ name: "kept" }).expect(200);
    await upsert({ name: "kept", rows: [] }).expect(200);
    await upsert({ name: "kept", channel_schema, rows: [reading(1)] }).expect(200);

    const counters = { available_rows: 1, first_time: "2024-03-01T00:00:01Z", last_time: "2024-03-01T00:00:01Z" };
    // updated_at among it: nothing of the definition has changed.
    expect(await readChannel(created.channel_id)).toEqual({ ...before, ...counters });
  });

  test.each([
    ["column_info", { temperature: { description: "new" } }],
    ["metadata", { owner: null }],
    ["tags", { room: ["a", "b"] }],
    ["metadata", {}],
    ["tags", {}],
  ])("replaces %s by %j as a whole, and nothing else", async (field, value) => {
    const name = `replaced ${field} ${JSON.stringify(value)}`;
    const labels = { column_info: { temperature: { unit: "Cel" } }, metadata: { site: "roof" }, tags: { floor: 3 } };
    const { body: created } = await upsert({ name, channel_schema, ...labels }).expect(201);
    const { body } = await upsert({ name, [field]: value, rows: [reading(1)] }).expect(200);

    expect(body).toMatchObject({ ...labels, [field]: value, available_rows: 1 });
    const channel = await readChannel(created.channel_id);
    expect(channel).toMatchObject({ ...labels, [field]: value });
    expect(channel[field]).toEqual(value);
    expect(channel.created_at).toBe(created.created_at);
    expect(channel.updated_at > created.updated_at).toBe(true);
  });

  test.each([
    ["equal", { a: "float", b: "optional[str]" }],
    ["in another order", { b: "optional[str]", a: "float" }],
    ["by other names of the types, with time", { a: "double precision", time: "timestamp", b: "optional[text]" }],
  ])("takes a schema that is %s", async (what, given) => {
    const name = `schema ${what}`;
    await upsert({ name, channel_schema: { a: "float", b: "optional[str]" } }).expect(201);
    const { body } = await upsert({ name, channel_schema: given, rows: [{ a: 1 }] }).expect(200);
    expect(body).toMatchObject({ channel_schema: { time: "datetime", a: "float", b: "optional[str]" }, available_rows: 1 });
  });

  test("keeps appends working that run while labels are replaced", async () => {
    const name = "relabelled";
    const { body: created } = await upsert({ name, channel_schema }).expect(201);
    const path = `/data/v1/channels/${created.channel_id}/rows`;
    const writes = Array.from({ length: 20 }, (_, index) =>
      index % 2 === 0
        ? upsert({ name, metadata: { index }, rows: [reading(1)] })
        : as("writer", server)
            .post(path)
            .send({ rows: [reading(2)] }),
    );
    expect((await Promise.all(writes)).map(({ status }) => status)).toEqual(writes.map(() => 200));
    expect(await readChannel(created.channel_id)).toMatchObject({ available_rows: 20 });
    expect(await readTimes(created.channel_id)).toHaveLength(20);
  });
});

describe("a race for one name", () => {
  test("ends in one channel with the rows of all who wrote", async () => {
    const writes = Array.from({ length: 20 }, (_, index) =>
      upsert({
        name: "race",
        channel_schema: { temperature: "float", writer: "float" },
        rows: [{ temperature: 1, writer: index }],
      }),
    );
    const answers = await Promise.all(writes);

    expect(answers.map(({ status }) => status).toSorted()).toEqual([...Array.from({ length: 19 }, () => 200), 201]);
    expect(new Set(answers.map(({ body }) => body.channel_id)).size).toBe(1);
    const channels = (await read("/api/v1/channels")).filter(({ name }: { name: string }) => name === "race");
    expect(channels).toMatchObject([{ available_rows: 20 }]);
    const { rows } = await read(`/api/v1/channels/${channels[0].channel_id}/rows`);
    expect(new Set(rows.map(({ writer }: { writer: number }) => writer)).size).toBe(20);
  });
});
