/** Names that stand twice, and names that every object has already. */
import { describe, expect, test } from "vitest";
import { createChannel, readRows } from "../../support/channels.ts";
import { canonicalJson } from "../../support/canonical-json.ts";
import { as } from "../../support/http.ts";
import { useTestServer } from "../../support/use-test-server.ts";

const server = useTestServer();

/** Takes the text of a body: not all of these survive a JavaScript object. */
function append(id: string, body: string, type = "application/json") {
  return as("writer", server).post(`/data/v1/channels/${id}/rows`).type(type).send(body);
}

describe("a key that stands twice", () => {
  test.each([
    ["in a row", '{"rows":[{"value":1,"value":2}]}', "/rows/0/value"],
    ["with an escape in it", String.raw`{"rows":[{"value":1,"\u0076alue":2}]}`, "/rows/0/value"],
    ["in a document", '{"rows":[{"value":1,"document":{"a":[{"b":1,"b":1}]}}]}', "/rows/0/document/a/0/b"],
    ["around the rows", '{"rows":[],"rows":[{"value":1}]}', "/rows"],
    ["that is __proto__", '{"rows":[{"value":1,"document":{"__proto__":1,"__proto__":2}}]}', "/rows/0/document/__proto__"],
  ])("is refused %s", async (_where, text, pointer) => {
    const id = await createChannel(server, { channel_schema: { value: "float", document: "optional[dict]" } });
    const { body } = await append(id, text).expect(400);
    expect(body).toMatchObject({ code: "body_malformed", errors: [{ code: "duplicate_key", pointer }] });
    expect(await readRows(server, id, "?sort=time")).toEqual([]);
  });

  test("is refused in NDJSON with its line, and in the header line of CSV", async () => {
    const id = await createChannel(server, { channel_schema: { value: "float" } });
    const { body: ndjson } = await append(id, '{"value":1}\n{"value":1,"value":2}\n', "application/x-ndjson").expect(400);
    expect(ndjson).toMatchObject({ code: "body_malformed", errors: [{ code: "duplicate_key", pointer: "/rows/1/value" }] });
    expect(ndjson.detail).toContain("line 2");
    const { body: csv } = await append(id, "time,value,value\r\n2024-03-01T00:00:00Z,1,2\r\n", "text/csv").expect(400);
    expect(csv).toMatchObject({ code: "body_malformed", errors: [{ code: "duplicate_column" }] });
    expect(await readRows(server, id, "?sort=time")).toEqual([]);
  });

  test("is refused in the definition of a channel", async () => {
    const { body } = await as("admin", server)
      .post("/setup/v1/channels")
      .type("json")
      .send('{"channel_schema":{"value":"float","value":"str"}}')
      .expect(400);
    expect(body).toMatchObject({ errors: [{ code: "duplicate_key", pointer: "/channel_schema/value" }] });
  });
});

describe("names that objects have already", () => {
  const NAMES = ["constructor", "toString", "hasOwnProperty", "prototype", "valueOf", "__defineGetter__"];

  test("refuses __proto__ as a column, in any case, and as a field of a body", async () => {
    for (const name of ["__proto__", "__PROTO__"]) {
      const { body } = await as("admin", server)
        .post("/setup/v1/channels")
        .type("json")
        .send(`{"channel_schema":{"value":"float","${name}":"float"}}`)
        .expect(400);
      expect(body).toMatchObject({
        code: "schema_invalid",
        errors: [{ pointer: `/channel_schema/${name}`, code: "reserved_name" }],
      });
    }
    const { body } = await as("admin", server)
      .post("/setup/v1/channels")
      .type("json")
      .send('{"channel_schema":{"value":"float"},"__proto__":{"density":"dense"}}')
      .expect(400);
    expect(body).toMatchObject({ code: "request_invalid", errors: [{ pointer: "/__proto__" }] });
  });

  test.each(["__proto__", "constructor", "toString"])("refuses %s as a column that the channel does not have", async (name) => {
    const id = await createChannel(server, { channel_schema: { value: "float" } });
    const { body } = await append(id, `{"rows":[{"value":1,"${name}":{"value":2}}]}`).expect(400);
    expect(body).toMatchObject({ errors: [{ pointer: `/rows/0/${name}`, code: "unknown_column" }] });
    await as("reader", server).get(`/api/v1/channels/${id}/rows?col[${name}]=1`).expect(400);
    await as("reader", server).get(`/api/v1/channels/${id}/rows?columns=${name}`).expect(400);
    await as("reader", server).get(`/api/v1/channels/${id}/rows?${name}=1`).expect(400);
  });

  test("takes the others as columns, and finds rows by them", async () => {
    const id = await createChannel(server, { channel_schema: Object.fromEntries(NAMES.map((name) => [name, "optional[int]"])) });
    const row = Object.fromEntries(NAMES.map((name, index) => [name, index]));
    await append(
      id,
      JSON.stringify({ rows: [{ time: "2024-03-01T00:00:00Z", ...row }, { time: "2024-03-01T00:00:01Z" }] }),
    ).expect(200);
    const nothing = Object.fromEntries(NAMES.map((name) => [name, null]));
    expect(await readRows(server, id, "?sort=time")).toEqual([
      { time: "2024-03-01T00:00:00Z", ...row },
      { time: "2024-03-01T00:00:01Z", ...nothing },
    ]);
    const { body } = await as("reader", server)
      .get(`/api/v1/channels/${id}/columns?col[toString]=1&columns=toString`)
      .expect(200);
    expect(body.columns).toEqual({ time: ["2024-03-01T00:00:00Z"], toString: [1] });
  });

  test("keeps them as keys of documents, metadata and tags, where they are data", async () => {
    const document = '{"__proto__":{"a":1},"constructor":{"prototype":{"b":2}},"toString":null}';
    const tags = '{"__proto__":"x","constructor":1}';
    const { body: created } = await as("admin", server)
      .post("/setup/v1/channels")
      .type("json")
      .send(`{"channel_schema":{"document":"dict"},"metadata":${document},"tags":${tags}}`)
      .expect(201);
    const path = `/setup/v1/channels/${created.channel_id}`;
    await append(created.channel_id, `{"rows":[{"document":${document}}]}`).expect(200);
    await as("admin", server).patch(path).type("json").send('{"metadata":{"__proto__":{"c":3},"more":1}}').expect(200);

    const { text } = await as("admin", server).get(`${path}/rows`).expect(200);
    const { metadata, tags: kept, rows } = JSON.parse(text);
    expect(canonicalJson(rows[0].document)).toBe(canonicalJson(JSON.parse(document)));
    expect(canonicalJson(kept)).toBe(canonicalJson(JSON.parse(tags)));
    expect(canonicalJson(metadata)).toBe(
      canonicalJson(JSON.parse('{"__proto__":{"a":1,"c":3},"constructor":{"prototype":{"b":2}},"toString":null,"more":1}')),
    );
    for (const name of ["a", "b", "c", "density"]) expect(Reflect.get({}, name)).toBeUndefined();
  });
});
