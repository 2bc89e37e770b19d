import { describe, expect, test } from "vitest";
import { as } from "../support/http.ts";
import { useTestServer } from "../support/use-test-server.ts";

const server = useTestServer();

const channel_schema = { temperature: "float" };

function create(fields: object) {
  return as("admin", server).post("/setup/v1/channels").send(fields);
}

async function listIds(): Promise<string[]> {
  const { body } = await as("reader", server).get("/api/v1/channels").expect(200);
  return body.map(({ channel_id }: { channel_id: string }) => channel_id);
}

describe("201", () => {
  test("stores the whole definition and answers with it", async () => {
    const definition = {
      name: "thermo-1",
      channel_schema: { temperature: "float", note: "optional[str]" },
      column_info: { temperature: { unit: "Cel", description: "air, 2 m" }, time: { description: "of the reading" } },
      metadata: { site: "roof", position: { lat: 48.1, lon: [11, 0.5] }, none: null, deep: { er: { est: true } } },
      tags: { room: "lab", floor: 3, indoor: true, owners: ["ada", 7, false] },
      density: "dense",
    };
    const { body } = await create(definition).expect(201);

    expect(body).toEqual({
      ...definition,
      channel_name: definition.name,
      channel_id: expect.any(String),
      channel_schema: { time: "datetime", temperature: "float", note: "optional[str]" },
      available_rows: 0,
      first_time: null,
      last_time: null,
      created_at: body.updated_at,
      updated_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{6})?Z$/),
    });
    const { body: read } = await as("reader", server).get(`/api/v1/channels/${body.channel_id}`).expect(200);
    expect(read).toEqual(body);
  });

  test("fills in what the body leaves out", async () => {
    const { body } = await create({ channel_schema }).expect(201);
    expect(body).toMatchObject({ name: null, column_info: {}, metadata: {}, tags: {}, density: "normal" });
  });

  test("takes and gives the name by its older word as well", async () => {
    const { body } = await create({ channel_schema: { a: "str" }, channel_name: "older" }).expect(201);
    expect(body).toMatchObject({ name: "older", channel_name: "older" });
  });

  test("makes an id of its own, another one each time", async () => {
    const { body: first } = await create({ channel_schema }).expect(201);
    const { body: second } = await create({ channel_schema }).expect(201);
    expect(first.channel_id).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
    expect(second.channel_id).not.toBe(first.channel_id);
  });

  test("takes the id that is given", async () => {
    const channel_id = "A1B2C3D4-9C3A-4F5C-8D2E-2F1C9A7B4D10";
    const { body } = await create({ channel_id, channel_schema }).expect(201);
    expect(body.channel_id).toBe(channel_id.toLowerCase());
  });

  test("names the place of the channel in Location", async () => {
    const { body, headers } = await create({ channel_schema }).expect(201);
    const { body: read } = await as("reader", server).get(String(headers["location"])).expect(200);
    expect(read.channel_id).toBe(body.channel_id);
  });

  test("takes every column type by every name, and answers with the first", async () => {
    const aliases = {
      str: ["str", "string", "text"],
      int: ["int", "integer"],
      int64: ["int64"],
      float: ["float", "number", "double", "double precision"],
      bool: ["bool", "boolean"],
      uuid: ["uuid", "uuid4", "uuidv4", "uuid_v4"],
      datetime: ["datetime", "date", "timestamp", "timestamptz", "time"],
      dict: ["dict", "json", "jsonb"],
      list: ["list"],
    };
    const pairs = Object.entries(aliases).flatMap(([type, names]) => names.map((name) => [name, type] as const));
    const { body } = await create({
      channel_schema: Object.fromEntries(
        pairs.flatMap(([name]) => [
          [`as ${name}`, name],
          [`opt ${name}`, `optional[${name}]`],
        ]),
      ),
    }).expect(201);
    const answered = pairs.flatMap(([name, type]) => [
      [`as ${name}`, type],
      [`opt ${name}`, `optional[${type}]`],
    ]);
    expect(body.channel_schema).toEqual({ time: "datetime", ...Object.fromEntries(answered) });
  });

  test("keeps the order of the columns, with time first", async () => {
    const { body } = await create({ channel_schema: { zulu: "float", time: "timestamp", alpha: "str", mike: "int" } }).expect(
      201,
    );
    expect(Object.keys(body.channel_schema)).toEqual(["time", "zulu", "alpha", "mike"]);
  });

  test.each([
    "température",
    "温度",
    "Δ %",
    "°C",
    "m/s",
    "wind (10 m)",
    "_x",
    "9 lives",
    "a-b",
    "x".repeat(128),
    "constructor",
    "toString",
  ])("takes a column named %s", async (name) => {
    const { body } = await create({ channel_schema: { [name]: "float" }, column_info: { [name]: { unit: "1" } } }).expect(201);
    expect(body.channel_schema).toEqual({ time: "datetime", [name]: "float" });
    expect(body.column_info).toEqual({ [name]: { unit: "1" } });
  });

  test("takes 256 columns", async () => {
    const names = Array.from({ length: 256 }, (_, index) => `column ${index}`);
    const schema = Object.fromEntries(names.map((name) => [name, "float"]));
    const { body } = await create({ channel_schema: schema }).expect(201);
    expect(body.channel_schema).toEqual({ time: "datetime", ...schema });
  });

  test("keeps __proto__ and constructor as keys of metadata and tags like any other", async () => {
    const labels = '"metadata":{"__proto__":{"a":1},"constructor":{"prototype":2}},"tags":{"__proto__":"x","hasOwnProperty":1}';
    const { text } = await as("admin", server)
      .post("/setup/v1/channels")
      .type("json")
      .send(`{"channel_schema":{"temperature":"float"},${labels}}`)
      .expect(201);

    const channel = JSON.parse(text);
    expect(Object.getOwnPropertyDescriptor(channel.metadata, "__proto__")?.value).toEqual({ a: 1 });
    expect(channel.metadata.constructor).toEqual({ prototype: 2 });
    expect(Object.getOwnPropertyDescriptor(channel.tags, "__proto__")?.value).toBe("x");
    expect(Object.keys(channel.tags).toSorted()).toEqual(["__proto__", "hasOwnProperty"]);
  });
});

describe("409", () => {
  test.each([
    ["id", { channel_id: "11111111-0000-4000-8000-000000000001" }],
    ["name", { name: "taken" }],
  ])("refuses an %s that another channel has, and leaves that one alone", async (_what, identity) => {
    const { body: first } = await create({ ...identity, channel_schema, metadata: { first: true } }).expect(201);
    const before = await listIds();
    const { body } = await create({ ...identity, channel_schema: { other: "int" } }).expect(409);

    expect(body).toMatchObject({ code: "channel_exists" });
    expect(await listIds()).toEqual(before);
    const { body: read } = await as("reader", server).get(`/api/v1/channels/${first.channel_id}`).expect(200);
    expect(read).toEqual(first);
  });

  test("lets one of many who want a name at once have it", async () => {
    const attempts = Array.from({ length: 10 }, () => create({ name: "wanted", channel_schema }));
    const statuses = (await Promise.all(attempts)).map(({ status }) => status);
    expect(statuses.toSorted()).toEqual([201, ...Array.from({ length: 9 }, () => 409)]);
  });

  test("keeps names apart that differ in case", async () => {
    await create({ name: "Case", channel_schema }).expect(201);
    const { body } = await create({ name: "case", channel_schema }).expect(201);
    expect(body.name).toBe("case");
  });
});
