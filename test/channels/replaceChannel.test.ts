import { describe, expect, test } from "vitest";
import { appendRows } from "../support/channels.ts";
import { as } from "../support/http.ts";
import { useTestServer } from "../support/use-test-server.ts";

const server = useTestServer();

const channel_schema = { temperature: "float", note: "optional[str]" };

/** The same operation under both of its paths. */
const FORMS = [
  ["PUT by path", (id: string, fields: object) => put(`/${id}`, fields)],
  ["PUT by body", (id: string, fields: object) => put("", { channel_id: id, ...fields })],
] as const;

function put(path: string, fields: object) {
  return as("admin", server).put(`/setup/v1/channels${path}`).send(fields);
}

async function create(fields: object = {}) {
  const { body, headers } = await as("admin", server)
    .post("/setup/v1/channels")
    .send({ channel_schema, ...fields })
    .expect(201);
  return { id: String(body.channel_id), body, etag: String(headers["etag"]) };
}

async function get(id: string) {
  const { body } = await as("admin", server).get(`/setup/v1/channels/${id}`).expect(200);
  return body;
}

describe.each(FORMS)("%s", (form, replace) => {
  describe("201", () => {
    test("creates a channel that is missing, and names its place", async () => {
      const id = crypto.randomUUID();
      const fields = { name: `new, ${form}`, channel_schema, metadata: { site: "roof" }, tags: { floor: 3 } };
      const { body, headers } = await replace(id, fields).expect(201);
      expect(body).toMatchObject({ ...fields, channel_id: id, channel_schema: { time: "datetime" }, available_rows: 0 });
      expect(headers["location"]).toBe(`/api/v1/channels/${id}`);
      expect(await get(id)).toEqual(body);
    });
  });

  describe("200", () => {
    test("replaces whole fields that are given, and leaves the others and the rows alone", async () => {
      const {
        id,
        body: before,
        etag,
      } = await create({
        name: `kept, ${form}`,
        metadata: { site: "roof", owner: "Ann" },
        tags: { floor: 3, room: "lab" },
        column_info: { temperature: { unit: "Cel" } },
      });
      await appendRows(server, id, [{ temperature: 1 }]);

      const { body, headers } = await replace(id, { metadata: { site: "cellar" }, tags: {}, channel_schema }).expect(200);
      expect(body).toMatchObject({ name: before.name, column_info: before.column_info, available_rows: 1 });
      expect([body.metadata, body.tags]).toEqual([{ site: "cellar" }, {}]);
      expect(headers["etag"]).not.toBe(etag);
      expect(await get(id)).toEqual(body);
    });

    test.each(["name", "channel_name"])("renames by %s", async (word) => {
      const { id } = await create({ name: `before, ${word}, ${form}` });
      const { body } = await replace(id, { [word]: `after, ${word}, ${form}` }).expect(200);
      expect(body).toMatchObject({ name: `after, ${word}, ${form}`, channel_name: body.name });
    });
  });

  describe("400", () => {
    test.each([
      ["a channel that is missing, without a schema", { tags: {} }, "request_invalid", "/channel_schema"],
      [
        "a schema that breaks a rule",
        { channel_schema: { received_at: "float" } },
        "schema_invalid",
        "/channel_schema/received_at",
      ],
      ["column_info of no column", { channel_schema, column_info: { wind: {} } }, "schema_invalid", "/column_info/wind"],
      ["an unknown field", { channel_schema, rows: [] }, "request_invalid", "/rows"],
    ])("refuses %s", async (_what, fields, code, pointer) => {
      const id = crypto.randomUUID();
      const { body } = await replace(id, fields).expect(400);
      expect(body).toMatchObject({ code, errors: [{ pointer }] });
      await as("admin", server).get(`/setup/v1/channels/${id}`).expect(404);
    });
  });

  describe("409", () => {
    test("refuses another schema, and a name that is taken, and changes nothing", async () => {
      const { id, body: before } = await create({ name: `first, ${form}` });
      await create({ name: `second, ${form}` });
      const changes = [
        ["schema_conflict", { channel_schema: { temperature: "float" }, tags: { changed: true } }],
        ["channel_exists", { name: `second, ${form}`, tags: { changed: true } }],
      ] as const;
      for (const [code, fields] of changes) {
        const { body } = await replace(id, fields).expect(409);
        expect(body).toMatchObject({ code });
      }
      const { body } = await replace(crypto.randomUUID(), { name: `first, ${form}`, channel_schema }).expect(409);
      expect(body).toMatchObject({ code: "channel_exists" });
      expect(await get(id)).toEqual(before);
    });
  });

  describe("412", () => {
    test("refuses a definition that has changed since, or is not there, and changes nothing", async () => {
      const { id, etag } = await create();
      const { body: current } = await replace(id, { tags: { by: "first" } })
        .set("If-Match", etag)
        .expect(200);
      const { body } = await replace(id, { tags: { by: "second" } })
        .set("If-Match", etag)
        .expect(412);
      expect(body).toMatchObject({ code: "precondition_failed" });
      expect(await get(id)).toEqual(current);
      await replace(crypto.randomUUID(), { channel_schema }).set("If-Match", "*").expect(412);
    });
  });
});

test("an id in the body that differs from the one in the path is refused", async () => {
  const { id } = await create();
  const { body } = await put(`/${id}`, { channel_id: crypto.randomUUID() }).expect(400);
  expect(body).toMatchObject({ code: "request_invalid", errors: [{ pointer: "/channel_id", code: "differs_from_path" }] });
  await put(`/${id}`, { channel_id: id.toUpperCase() }).expect(200);
});

test("an id is needed where the path has none", async () => {
  const { body } = await put("", { name: "nameless", channel_schema }).expect(400);
  expect(body).toMatchObject({ code: "request_invalid", errors: [{ pointer: "/channel_id", code: "required" }, {}, {}] });
});
