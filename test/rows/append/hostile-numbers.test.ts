/** Numbers that JSON, a double or a column cannot hold. */
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

describe("numbers beyond numbers", () => {
  test.each(["NaN", "Infinity", "-Infinity", "1e", "01", "+1", ".5", "1.", "0x10", "1_000"])(
    "is no JSON: %s",
    async (literal) => {
      const id = await createChannel(server, { channel_schema: { value: "float" } });
      const { body } = await append(id, `{"rows":[{"value":${literal}}]}`).expect(400);
      expect(body).toMatchObject({ code: "body_malformed", errors: [{ code: "syntax_error" }] });
    },
  );

  test.each(["1e999", "-1e999", `${"9".repeat(400)}`, '"NaN"', '"Infinity"', '"1"'])(
    "is no finite number: %s",
    async (literal) => {
      const id = await createChannel(server, { channel_schema: { value: "float" } });
      const { body } = await append(id, `{"rows":[{"value":${literal}}]}`).expect(400);
      expect(body).toMatchObject({ code: "row_invalid", errors: [{ pointer: "/rows/0/value", code: "not_a_number" }] });
      for (const type of ["dict", "list"]) {
        const documents = await createChannel(server, { channel_schema: { value: type } });
        const document = type === "dict" ? `{"a":${literal}}` : `[${literal}]`;
        const { status } = await append(documents, `{"rows":[{"value":${document}}]}`);
        expect(status).toBe(literal.startsWith('"') ? 200 : 400);
      }
    },
  );

  test.each(["NaN", "Infinity", "1e999", "0x10", "007", "1,5"])("is no number in CSV: %s", async (field) => {
    const id = await createChannel(server, { channel_schema: { value: "float" } });
    const { body } = await append(id, `time,value\r\n2024-03-01T00:00:00Z,"${field}"\r\n`, "text/csv").expect(400);
    expect(body).toMatchObject({ code: "row_invalid", errors: [{ pointer: "/rows/0/value", code: "not_a_number" }] });
  });

  test("keeps minus zero and the smallest numbers bit by bit", async () => {
    const literals = ["-0", "-0.0e10", "5e-324", "-5e-324", "2.2250738585072011e-308", "2.2250738585072014e-308", "4.9e-324"];
    const id = await createChannel(server, { channel_schema: { value: "float" } });
    const rows = literals.map((literal, index) => `{"time":"2024-03-01T00:00:0${index}Z","value":${literal}}`);
    await append(id, `{"rows":[${rows.join(",")}]}`).expect(200);
    const values = (await readRows(server, id, "?sort=time")).map(({ value }) => value);
    expect(values.map(canonicalJson)).toEqual(literals.map((literal) => canonicalJson(JSON.parse(literal))));
    expect(values.map((value) => Object.is(value, -0))).toEqual([true, true, false, false, false, false, false]);
  });
});

describe("integers that a double cannot hold", () => {
  test.each([
    ["int", "9007199254740992"],
    ["int", "9007199254740993"],
    ["int", "-9007199254740993"],
    ["int", "9223372036854775808"],
    ["int", "1e300"],
    ["int", "1.5"],
    ["int", "true"],
    ["int", '"1"'],
    ["int64", "1.5"],
    ["int64", "9007199254740993"],
    ["int64", '"9223372036854775808"'],
    ["int64", '"-9223372036854775809"'],
    ["int64", '"1e300"'],
    ["int64", '"1.5"'],
    ["int64", '"0x10"'],
    ["int64", '"+1"'],
    ["int64", "true"],
    ["float", "true"],
    ["dict", '{"a":9007199254740993}'],
    ["dict", '{"a":1e300}'],
    ["list", "[[-9007199254740993]]"],
  ])("refuses for %s the value %s", async (type, literal) => {
    const id = await createChannel(server, { channel_schema: { value: type } });
    const { body } = await append(id, `{"rows":[{"value":${literal}}]}`).expect(400);
    expect(body).toMatchObject({ code: "row_invalid", errors: [{ pointer: "/rows/0/value" }] });
    expect(await readRows(server, id, "?sort=time")).toEqual([]);
  });

  test.each([
    ["int", "9007199254740991", 9007199254740991],
    ["int", "1.0", 1],
    ["int", "-9.007199254740991e15", -9007199254740991],
    ["int64", '"9007199254740993"', "9007199254740993"],
    ["int64", '"-9223372036854775808"', "-9223372036854775808"],
    ["int64", '"9007199254740993.0"', "9007199254740993"],
    ["int64", "3.0", "3"],
    ["int64", "-9007199254740991", "-9007199254740991"],
  ])("keeps for %s the value %s", async (type, literal, value) => {
    const id = await createChannel(server, { channel_schema: { value: type } });
    await append(id, `{"rows":[{"value":${literal}}]}`).expect(200);
    expect(await readRows(server, id, "?sort=time")).toMatchObject([{ value }]);
  });

  test("refuses them in metadata and tags, where they would be rounded as well", async () => {
    for (const field of ["metadata", "tags"]) {
      const { body } = await as("admin", server)
        .post("/setup/v1/channels")
        .type("json")
        .send(`{"channel_schema":{"value":"float"},"${field}":{"serial":9007199254740993}}`)
        .expect(400);
      expect(body).toMatchObject({ code: "schema_invalid", errors: [{ pointer: `/${field}/serial` }] });
    }
  });
});
