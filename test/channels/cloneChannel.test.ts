import { describe, expect, test } from "vitest";
import { createFilledChannel } from "../support/channels.ts";
import { as } from "../support/http.ts";
import { useTestServer } from "../support/use-test-server.ts";

const server = useTestServer();

const LABELS = { metadata: { site: "roof" }, tags: { floor: 3 }, column_info: { temperature: { unit: "Cel" } } };
const SCHEMA = { time: "datetime", temperature: "float", note: "optional[str]" };

async function create(fields: object = {}): Promise<string> {
  const rows = [{ temperature: 1 }];
  return createFilledChannel(server, {
    channel_id: crypto.randomUUID(),
    channel_schema: SCHEMA,
    density: "dense",
    ...LABELS,
    rows,
    ...fields,
  });
}

function clone(id: string, fields: object = {}) {
  return as("admin", server).post(`/setup/v1/channels/${id}/clone`).send(fields);
}

describe("201", () => {
  test("copies schema, density and labels, and no rows", async () => {
    const id = await create({ name: "dolly" });
    const { body, headers } = await clone(id).expect(201);
    expect(body).toMatchObject({ ...LABELS, name: "dolly_copy", channel_schema: SCHEMA, density: "dense", available_rows: 0 });
    expect(body.channel_id).not.toBe(id);
    expect(headers["location"]).toBe(`/api/v1/channels/${body.channel_id}`);
    const { body: stored } = await as("admin", server).get(String(headers["location"])).expect(200);
    expect(stored).toEqual(body);
  });

  test("makes the name unique, and leaves a channel without name without one", async () => {
    const id = await create({ name: "many" });
    const names: string[] = [];
    for (let count = 0; count < 3; count++) names.push((await clone(id).expect(201)).body.name);
    expect(names).toEqual(["many_copy", "many_copy_2", "many_copy_3"]);
    expect((await clone(await create()).expect(201)).body.name).toBeNull();
  });

  test("leaves metadata and tags with copy_metadata false", async () => {
    const { body } = await clone(await create(), { copy_metadata: false, tags: { new: true } }).expect(201);
    expect(body).toMatchObject({ metadata: {}, column_info: LABELS.column_info });
    expect(body.tags).toEqual({ new: true });
  });

  test("lets the body override any field", async () => {
    const fields = {
      channel_id: crypto.randomUUID(),
      name: "another",
      channel_schema: { wind: "float" },
      column_info: { wind: { unit: "m/s" } },
      metadata: { site: "mast" },
      tags: {},
      density: "sparse",
    };
    const { body } = await clone(await create(), fields).expect(201);
    expect(body).toMatchObject({ ...fields, channel_schema: { time: "datetime", wind: "float" } });
  });
});

test("takes the id of the path in the body for what it is: the source once more", async () => {
  const id = await create();
  const { body } = await clone(id, { channel_id: id.toUpperCase(), channel_name: "by the older word" }).expect(201);
  expect(body).toMatchObject({ ...LABELS, name: "by the older word" });
  expect(body.channel_id).not.toBe(id);
});

describe("400", () => {
  test.each([
    [
      "a schema that breaks a rule",
      { channel_schema: { received_at: "float" } },
      "schema_invalid",
      "/channel_schema/received_at",
    ],
    ["column_info of no column", { column_info: { wind: {} } }, "schema_invalid", "/column_info/wind"],
    ["an unknown field", { rows: [] }, "request_invalid", "/rows"],
  ])("refuses %s", async (_what, fields, code, pointer) => {
    const { body } = await clone(await create(), fields).expect(400);
    expect(body).toMatchObject({ code, errors: [{ pointer }] });
  });
});

describe("404", () => {
  test("knows no such channel", async () => {
    const { body } = await clone(crypto.randomUUID()).expect(404);
    expect(body).toMatchObject({ code: "channel_not_found" });
  });
});

describe("409", () => {
  test("refuses a name or an id that is taken", async () => {
    const id = await create({ name: "original" });
    for (const fields of [{ name: "original" }, { channel_name: "original" }, { channel_id: await create() }]) {
      const { body } = await clone(id, fields).expect(409);
      expect(body).toMatchObject({ code: "channel_exists" });
    }
  });
});
