import { describe, expect, test } from "vitest";
import { appendRows } from "../support/channels.ts";
import { as } from "../support/http.ts";
import { useTestServer } from "../support/use-test-server.ts";

const server = useTestServer();

const channel_schema = { temperature: "float", note: "optional[str]" };

function patch(id: string, fields: object) {
  return as("admin", server).patch(`/setup/v1/channels/${id}`).send(fields);
}

async function create(fields: object = {}): Promise<{ id: string; etag: string }> {
  const { body, headers } = await as("admin", server)
    .post("/setup/v1/channels")
    .send({ channel_schema, ...fields })
    .expect(201);
  return { id: body.channel_id, etag: String(headers["etag"]) };
}

async function createFilled(fields: object = {}): Promise<string> {
  const { id } = await create(fields);
  const rows = [{ time: "2024-03-01T00:00:00Z", temperature: 1 }];
  await appendRows(server, id, rows);
  return id;
}

async function get(id: string) {
  const { body } = await as("admin", server).get(`/setup/v1/channels/${id}`).expect(200);
  return body;
}

describe("200", () => {
  test("merges metadata and tags, where null removes a key, and leaves alone what is absent", async () => {
    const { id, etag } = await create({
      name: "patched",
      metadata: { site: "roof", owner: { name: "Ann", phone: 1 } },
      tags: { floor: 3, room: "lab" },
    });
    const fields = { metadata: { site: null, owner: { phone: null } }, tags: { room: "attic", new: [1, "a"] } };
    const { body, headers } = await patch(id, fields).expect(200);
    expect(body).toMatchObject({ name: "patched", channel_schema: { time: "datetime", ...channel_schema } });
    expect(body.metadata).toEqual({ owner: { name: "Ann" } });
    expect(body.tags).toEqual({ floor: 3, room: "attic", new: [1, "a"] });
    expect(headers["etag"]).not.toBe(etag);
    expect(await get(id)).toEqual(body);
  });

  test("changes the name, and takes it away by null", async () => {
    const { id } = await create({ name: "old" });
    expect((await patch(id, { name: "new" }).expect(200)).body.name).toBe("new");
    expect((await patch(id, { channel_name: "newer" }).expect(200)).body.name).toBe("newer");
    expect((await patch(id, { name: null }).expect(200)).body.name).toBeNull();
  });

  test("gives a channel without rows any schema", async () => {
    const { id } = await create();
    const { body } = await patch(id, { channel_schema: { wind: "int64" } }).expect(200);
    expect(body.channel_schema).toEqual({ time: "datetime", wind: "int64" });
  });

  test("adds optional columns to a channel with rows, and makes required ones optional", async () => {
    const id = await createFilled();
    const wider = { temperature: "optional[float]", wind: "optional[float]", seen: "optional[datetime]" };
    const { body } = await patch(id, { channel_schema: wider }).expect(200);
    expect(body.channel_schema).toEqual({ time: "datetime", ...channel_schema, ...wider });

    await appendRows(server, id, [{ time: "2024-03-02T00:00:00Z", wind: 2.5 }]);
    const { body: page } = await as("reader", server).get(`/api/v1/channels/${id}/rows`).expect(200);
    expect(page.rows).toEqual([
      { time: "2024-03-02T00:00:00Z", temperature: null, note: null, wind: 2.5, seen: null },
      { time: "2024-03-01T00:00:00Z", temperature: 1, note: null, wind: null, seen: null },
    ]);
  });
});

describe("400", () => {
  test.each([
    [
      "a schema that breaks a rule",
      { channel_schema: { received_at: "float" } },
      "schema_invalid",
      "/channel_schema/received_at",
    ],
    ["column_info of no column", { column_info: { wind: { unit: "m/s" } } }, "schema_invalid", "/column_info/wind"],
    [
      "an id that differs from the path",
      { channel_id: "33333333-0000-4000-8000-000000000000" },
      "request_invalid",
      "/channel_id",
    ],
    ["an unknown field", { density: "dense" }, "request_invalid", "/density"],
  ])("refuses %s, and changes nothing", async (_what, fields, code, pointer) => {
    const { id } = await create({ tags: { floor: 3 } });
    const before = await get(id);
    const { body } = await patch(id, { tags: { floor: 4 }, ...fields }).expect(400);
    expect(body).toMatchObject({ code, errors: [{ pointer }] });
    expect(await get(id)).toEqual(before);
  });
});

describe("404", () => {
  test("creates nothing", async () => {
    const id = crypto.randomUUID();
    const { body } = await patch(id, { channel_schema }).expect(404);
    expect(body).toMatchObject({ code: "channel_not_found" });
    await as("admin", server).get(`/setup/v1/channels/${id}`).expect(404);
  });
});

describe("409", () => {
  test.each([
    ["a new required column", { wind: "float" }, "not_optional"],
    ["another type", { temperature: "int" }, "type_change"],
    ["an optional column made required", { note: "str" }, "type_change"],
    ["a column that differs in case only", { Temperature: "optional[float]" }, "duplicate_name"],
  ])("refuses %s once there are rows, and changes nothing", async (_what, schema, code) => {
    const id = await createFilled();
    const before = await get(id);
    const { body } = await patch(id, { channel_schema: schema, tags: { changed: true } }).expect(409);
    expect(body).toMatchObject({ code: "schema_conflict", errors: [{ code }] });
    expect(await get(id)).toEqual(before);
  });

  test("refuses a name that is taken", async () => {
    await create({ name: "taken" });
    const { id } = await create({ name: "free" });
    const { body } = await patch(id, { name: "taken" }).expect(409);
    expect(body).toMatchObject({ code: "channel_exists" });
    expect(await get(id)).toMatchObject({ name: "free" });
  });
});

describe("412", () => {
  test("lets the first of two changes through, and refuses the second", async () => {
    const { id, etag } = await create();
    const { body: first } = await patch(id, { tags: { by: "first" } })
      .set("If-Match", etag)
      .expect(200);
    const { body } = await patch(id, { tags: { by: "second" } })
      .set("If-Match", etag)
      .expect(412);
    expect(body).toMatchObject({ code: "precondition_failed" });
    expect(await get(id)).toEqual(first);
  });
});
