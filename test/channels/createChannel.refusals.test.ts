import { describe, expect, test } from "vitest";
import { as } from "../support/http.ts";
import { useTestServer } from "../support/use-test-server.ts";

const server = useTestServer();

/** Takes JSON text: not every document survives a JavaScript object. What is refused has to be nowhere. */
async function refused(text: string) {
  const { body } = await as("admin", server).post("/setup/v1/channels").type("json").send(text).expect(400);
  const { body: channels } = await as("reader", server).get("/api/v1/channels").expect(200);
  expect(channels).toEqual([]);
  return body;
}

const keys = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, index) => [`key ${index}`, 1]));
const schemaOf = (count: number) => Object.fromEntries(Object.keys(keys(count)).map((name) => [name, "float"]));

/** Seven bytes each; PostgreSQL keeps them with three hundred digits. */
function tiny(count: number): string {
  return JSON.stringify(Array.from({ length: count }, () => 1e-300));
}

describe("400 schema_invalid", () => {
  test.each([
    ["an unknown type", { a: "float32" }, "/channel_schema/a", "unknown_type"],
    ["a type in another case", { a: "Float" }, "/channel_schema/a", "unknown_type"],
    ["an optional of an optional", { a: "optional[optional[str]]" }, "/channel_schema/a", "unknown_type"],
    ["an optional of nothing", { a: "optional[]" }, "/channel_schema/a", "unknown_type"],
    ["a type named like a property of objects", { a: "constructor" }, "/channel_schema/a", "unknown_type"],
    ["a time of another type", { time: "float", a: "float" }, "/channel_schema/time", "reserved_name"],
    ["an optional time", { time: "optional[datetime]", a: "float" }, "/channel_schema/time", "reserved_name"],
    ["Time", { Time: "datetime", a: "float" }, "/channel_schema/Time", "reserved_name"],
    ["received_at", { received_at: "datetime" }, "/channel_schema/received_at", "reserved_name"],
    ["names that differ only in case", { Wind: "float", wind: "float" }, "/channel_schema/wind", "duplicate_name"],
    [
      "names that differ only in case, beyond ASCII",
      { Ärger: "float", ärger: "float" },
      "/channel_schema/ärger",
      "duplicate_name",
    ],
    ["a name that is not NFC", { "e\u0301": "float" }, "/channel_schema/e\u0301", "bad_name"],
    ["an emoji in a name", { "🌡": "float" }, "/channel_schema/🌡", "bad_name"],
    ["an invisible character in a name", { "a\u200bb": "float" }, "/channel_schema/a\u200bb", "bad_name"],
    ["a column without name", { "": "float" }, "/channel_schema/", "bad_name"],
    ["a column of 129 characters", { ["x".repeat(129)]: "float" }, `/channel_schema/${"x".repeat(129)}`, "bad_name"],
    ["a column that starts with -", { "-a": "float" }, "/channel_schema/-a", "bad_name"],
    ["a column that is a path into another", { a: "dict", "a.b": "float" }, "/channel_schema/a.b", "ambiguous_name"],
    ["a column with a quote", { 'a"b': "float" }, '/channel_schema/a"b', "bad_name"],
    ["a place that has to be escaped", { "m/s": "float32" }, "/channel_schema/m~1s", "unknown_type"],
    ["nothing but time", { time: "datetime" }, "/channel_schema", "too_few_columns"],
    ["257 columns", schemaOf(257), "/channel_schema", "too_many_columns"],
  ])("refuses %s, with its place", async (_what, channel_schema, pointer, code) => {
    const body = await refused(JSON.stringify({ channel_schema }));
    expect(body).toMatchObject({ code: "schema_invalid", errors: [{ pointer, code }] });
  });

  test("lists every fault of the schema", async () => {
    const body = await refused('{"channel_schema":{"a":"float32","b":"float","received_at":"str","c":"float64"}}');
    expect(body.errors.map(({ pointer }: { pointer: string }) => pointer)).toEqual([
      "/channel_schema/a",
      "/channel_schema/received_at",
      "/channel_schema/c",
    ]);
  });

  test.each([
    ["__proto__ as a column", '"channel_schema":{"__proto__":"float","a":"float"}', "/channel_schema/__proto__", "reserved_name"],
    [
      "a column that column_info invents",
      '"channel_schema":{"a":"float"},"column_info":{"b":{}}',
      "/column_info/b",
      "unknown_column",
    ],
    [
      "__proto__ in column_info",
      '"channel_schema":{"a":"float"},"column_info":{"__proto__":{}}',
      "/column_info/__proto__",
      "unknown_column",
    ],
    ["a lone surrogate in a column", String.raw`"channel_schema":{"a\ud800":"float"}`, "/channel_schema/a\ud800", "bad_name"],
    ["a lone surrogate in the name", String.raw`"channel_schema":{"a":"float"},"name":"x\ud800"`, "/name", "not_storable"],
    [
      "a lone surrogate in metadata",
      String.raw`"channel_schema":{"a":"float"},"metadata":{"k":[{"l":"\udfff"}]}`,
      "/metadata/k",
      "not_storable",
    ],
    [
      "a lone surrogate in a key of metadata",
      String.raw`"channel_schema":{"a":"float"},"metadata":{"k":{"\ud800":1}}`,
      "/metadata/k",
      "not_storable",
    ],
    ["NUL in metadata", String.raw`"channel_schema":{"a":"float"},"metadata":{"k":"\u0000"}`, "/metadata/k", "not_storable"],
    [
      "NUL in a key of metadata",
      String.raw`"channel_schema":{"a":"float"},"metadata":{"k":{"\u0000":1}}`,
      "/metadata/k",
      "not_storable",
    ],
    ["NUL in a tag", String.raw`"channel_schema":{"a":"float"},"tags":{"k/l":["\u0000"]}`, "/tags/k~1l", "not_storable"],
    [
      "NUL in column_info",
      String.raw`"channel_schema":{"a":"float"},"column_info":{"a":{"unit":"\u0000"}}`,
      "/column_info/a",
      "not_storable",
    ],
    [
      "an integer that doubles cannot tell apart",
      '"channel_schema":{"a":"float"},"metadata":{"k":9007199254740993}',
      "/metadata/k",
      "number_too_large",
    ],
    ["a number beyond doubles", '"channel_schema":{"a":"float"},"metadata":{"k":[-1e400]}', "/metadata/k", "number_too_large"],
    [
      "a document of many tiny numbers",
      `"channel_schema":{"a":"float"},"metadata":{"k":${tiny(3_400)}}`,
      "/metadata/k",
      "too_large",
    ],
    [
      "two that are too many together",
      `"channel_schema":{"a":"float"},"metadata":{"k":${tiny(2_000)},"l":${tiny(2_000)}}`,
      "/metadata",
      "too_large",
    ],
  ])("refuses %s, with its place", async (_what, members, pointer, code) => {
    const body = await refused(`{${members}}`);
    expect(body).toMatchObject({ code: "schema_invalid", errors: [{ pointer, code }] });
  });
});

describe("400 request_invalid", () => {
  test.each([
    ["no schema", {}, "/channel_schema"],
    ["an empty schema", { channel_schema: {} }, "/channel_schema"],
    ["a schema that is a list", { channel_schema: ["float"] }, "/channel_schema"],
    ["a type that is no string", { channel_schema: { "m/s": 5 } }, "/channel_schema/m~1s"],
    ["258 columns", { channel_schema: schemaOf(258) }, "/channel_schema"],
  ])("refuses %s, with its place", async (_what, fields, pointer) => {
    const body = await refused(JSON.stringify(fields));
    expect(body).toMatchObject({ code: "request_invalid" });
    expect(body.errors[0]).toMatchObject({ pointer });
  });

  test.each([
    ["an unknown field", { rows: [] }, "/rows"],
    ["another name by the older word", { name: "x", channel_name: "y" }, "/channel_name"],
    ["an id that is no UUID", { channel_id: "x".repeat(36) }, "/channel_id"],
    ["an empty name", { name: "" }, "/name"],
    ["a name of 257 characters", { name: "x".repeat(257) }, "/name"],
    ["a name with a line break", { name: "a\nb" }, "/name"],
    ["a name with NUL", { name: "a\0b" }, "/name"],
    ["a name that is null", { name: null }, "/name"],
    ["an unknown density", { density: "thick" }, "/density"],
    ["metadata that is a list", { metadata: [] }, "/metadata"],
    ["metadata with a colon in a key", { metadata: { "a:b": 1 } }, "/metadata"],
    ["metadata with an empty key", { metadata: { "": 1 } }, "/metadata"],
    ["metadata with a key of 257 characters", { metadata: { ["x".repeat(257)]: 1 } }, "/metadata"],
    ["1,025 entries of metadata", { metadata: keys(1_025) }, "/metadata"],
    ["a tag with a colon in its key", { tags: { "a:b": 1 } }, "/tags"],
    ["a tag that is null", { tags: { a: null } }, "/tags/a"],
    ["a tag that is an object", { tags: { a: {} } }, "/tags/a"],
    ["a tag that is a list of lists", { tags: { a: [["b"]] } }, "/tags/a/0"],
    ["a tag of 1,025 characters", { tags: { a: "x".repeat(1_025) } }, "/tags/a"],
    ["a tag with 257 values", { tags: { a: Array.from({ length: 257 }, () => 1) } }, "/tags/a"],
    ["257 tags", { tags: keys(257) }, "/tags"],
    ["column_info that is a string", { column_info: { a: "Cel" } }, "/column_info/a"],
    ["an unknown member of column_info", { column_info: { a: { units: "Cel" } } }, "/column_info/a/units"],
    ["an empty unit", { column_info: { a: { unit: "" } } }, "/column_info/a/unit"],
    ["a unit of 65 characters", { column_info: { a: { unit: "x".repeat(65) } } }, "/column_info/a/unit"],
    [
      "a description of 1,025 characters",
      { column_info: { a: { description: "x".repeat(1_025) } } },
      "/column_info/a/description",
    ],
  ])("refuses %s, with its place", async (_what, fields, pointer) => {
    const body = await refused(JSON.stringify({ channel_schema: { a: "float" }, ...fields }));
    expect(body).toMatchObject({ code: "request_invalid" });
    expect(body.errors.map((fault: { pointer?: string }) => fault.pointer)).toContain(pointer);
  });

  test.each(["[]", '"channel"', "1", "null"])("refuses the body %s", async (text) => {
    const body = await refused(text);
    expect(body).toMatchObject({ code: "request_invalid", errors: [{ pointer: "", code: "type" }] });
  });

  test("refuses a query parameter", async () => {
    const { body } = await as("admin", server)
      .post("/setup/v1/channels?dry_run=true")
      .send({ channel_schema: { a: "float" } })
      .expect(400);
    expect(body).toMatchObject({ code: "request_invalid", errors: [{ parameter: "dry_run" }] });
  });
});
