import { describe, expect, test } from "vitest";
import { createChannel, countRows } from "../../support/channels.ts";
import { as } from "../../support/http.ts";
import { useTestServer } from "../../support/use-test-server.ts";

const server = useTestServer();

/** Takes JSON text: not every document survives a JavaScript object. */
function appendText(id: string, rows: string) {
  return as("writer", server).post(`/data/v1/channels/${id}/rows`).type("json").send(`{"rows":${rows}}`);
}

describe("400 row_invalid", () => {
  test("stores nothing when one row of many is bad, and says which", async () => {
    const id = await createChannel(server, { channel_schema: { temperature: "float", note: "optional[str]" } });
    const rows = Array.from({ length: 30 }, (_, index) => ({ temperature: index === 17 ? "warm" : index }));
    const { body } = await appendText(id, JSON.stringify(rows)).expect(400);

    expect(body).toMatchObject({
      code: "row_invalid",
      detail: "/rows/17/temperature: expected a finite number. Nothing was stored.",
      errors: [{ pointer: "/rows/17/temperature", code: "not_a_number" }],
    });
    expect(await countRows(server, id)).toBe(0);
  });

  test("lists every fault of every row", async () => {
    const id = await createChannel(server, { channel_schema: { temperature: "float", "m/s": "int" } });
    const { body } = await appendText(id, '[{"temperature":1},{"time":"noon","temperature":"x","m/s":0.5,"a/~b":1}]').expect(400);

    expect(body.errors.map(({ pointer, code }: Record<string, string>) => `${pointer} ${code}`)).toEqual([
      "/rows/0/m~1s missing",
      "/rows/1/time not_a_time",
      "/rows/1/temperature not_a_number",
      "/rows/1/m~1s not_an_integer",
      "/rows/1/a~1~0b unknown_column",
    ]);
    expect(body.detail).toBe("/rows/0/m~1s: a value is needed: the column is not optional; and 4 more. Nothing was stored.");
  });

  test("lists no more than 100 faults", async () => {
    const id = await createChannel(server, { channel_schema: { temperature: "float", level: "float" } });
    const { body } = await appendText(id, JSON.stringify(Array.from({ length: 5_000 }, () => ({})))).expect(400);
    expect(body.errors).toHaveLength(100);
    expect(body.detail).toBe(
      "/rows/0/temperature: a value is needed: the column is not optional; and at least 99 more. Nothing was stored.",
    );
  });

  test.each([
    ["a misspelt time", '{"Time":"2024-03-01T00:00:00Z","temperature":1}', "/rows/0/Time"],
    ["an unknown column", '{"temperature":1,"humidity":2}', "/rows/0/humidity"],
    ["a column by another case", '{"temperature":1,"Temperature":2}', "/rows/0/Temperature"],
    ["received_at", '{"temperature":1,"received_at":"2024-03-01T00:00:00Z"}', "/rows/0/received_at"],
    ["__proto__", '{"temperature":1,"__proto__":{"temperature":2}}', "/rows/0/__proto__"],
    ["constructor", '{"temperature":1,"constructor":2}', "/rows/0/constructor"],
    ["_row", '{"temperature":1,"_row":2}', "/rows/0/_row"],
    ["the name of a slot", '{"temperature":1,"float8_1":2}', "/rows/0/float8_1"],
  ])("refuses %s", async (_what, row, pointer) => {
    const id = await createChannel(server, { channel_schema: { temperature: "float" } });
    const { body } = await appendText(id, `[${row}]`).expect(400);
    expect(body).toMatchObject({ code: "row_invalid", errors: [{ pointer, code: "unknown_column" }] });
    expect(await countRows(server, id)).toBe(0);
  });

  test("does not take a value from the prototype of objects", async () => {
    const id = await createChannel(server, { channel_schema: { constructor: "optional[str]", toString: "str" } });
    const { body } = await appendText(id, "[{}]").expect(400);
    expect(body).toMatchObject({ errors: [{ pointer: "/rows/0/toString", code: "missing" }] });
  });

  test("refuses null and absence where the column is not optional, and takes both where it is", async () => {
    const id = await createChannel(server, { channel_schema: { temperature: "float", note: "optional[str]" } });
    const { body } = await appendText(id, '[{"temperature":null},{"note":"x"}]').expect(400);
    expect(body.errors).toMatchObject([
      { pointer: "/rows/0/temperature", code: "null_value" },
      { pointer: "/rows/1/temperature", code: "missing" },
    ]);
    await appendText(id, '[{"temperature":1,"note":null},{"temperature":2}]').expect(200);
  });

  test.each([
    ["naive", '"2024-03-01T00:00:00"'],
    ["naive with a space", '"2024-03-01 00:00:00"'],
    ["a bare date", '"2024-03-01"'],
    ["30 February", '"2024-02-30T00:00:00Z"'],
    ["29 February of a common year", '"2023-02-29T00:00:00Z"'],
    ["month 13", '"2024-13-01T00:00:00Z"'],
    ["24:00", '"2024-03-01T24:00:00Z"'],
    ["a leap second", '"2016-12-31T23:59:60Z"'],
    ["an offset of 25 hours", '"2024-03-01T00:00:00+25:00"'],
    ["an offset of one digit", '"2024-03-01T00:00:00+2"'],
    ["more than microseconds", '"2024-03-01T00:00:00.0000001Z"'],
    ["a dot without fraction", '"2024-03-01T00:00:00.Z"'],
    ["before the year 0001", '"0001-01-01T00:00:00+00:01"'],
    ["the year 0000", '"0000-12-31T00:00:00Z"'],
    ["the year 10000", '"10000-01-01T00:00:00Z"'],
    ["a word of PostgreSQL", '"now"'],
    ["infinity", '"infinity"'],
    ["a number", "1709251200"],
    ["null", "null"],
  ])("refuses a time that is %s", async (_what, time) => {
    const id = await createChannel(server, { channel_schema: { temperature: "float" } });
    const { body } = await appendText(id, `[{"time":${time},"temperature":1}]`).expect(400);
    expect(body).toMatchObject({ code: "row_invalid", errors: [{ pointer: "/rows/0/time", code: "not_a_time" }] });
  });

  test("refuses a time more than a day ahead, and says up to when", async () => {
    const id = await createChannel(server, { channel_schema: { temperature: "float" } });
    const time = new Date(Date.now() + 86_400_000 + 60_000).toISOString();
    const { body } = await appendText(id, JSON.stringify([{ time, temperature: 1 }])).expect(400);
    expect(body).toMatchObject({
      errors: [{ pointer: "/rows/0/time", code: "time_too_late", detail: expect.stringMatching(/\d{4}-/) }],
    });
  });

  test.each([
    ["float", '"1"', "not_a_number"],
    ["float", "true", "not_a_number"],
    ["float", "1e400", "not_a_number"],
    ["float", "[1]", "not_a_number"],
    ["int", "1.5", "not_an_integer"],
    ["int", "9007199254740992", "not_an_integer"],
    ["int", '"1"', "not_an_integer"],
    ["int64", "1.5", "not_an_int64"],
    ["int64", '"9223372036854775808"', "not_an_int64"],
    ["int64", '"-9223372036854775809"', "not_an_int64"],
    ["int64", '"1.5"', "not_an_int64"],
    ["int64", "9007199254740992", "not_an_int64"],
    ["int64", '" 1"', "not_an_int64"],
    ["int64", '""', "not_an_int64"],
    ["bool", '"true"', "not_a_boolean"],
    ["bool", "1", "not_a_boolean"],
    ["str", "1", "not_a_string"],
    ["str", '{"a":1}', "not_a_string"],
    ["str", String.raw`"a\u0000b"`, "not_storable"],
    ["str", String.raw`"a\ud800b"`, "not_storable"],
    ["str", String.raw`"\udc00\ud800"`, "not_storable"],
    ["uuid", '"6e8bc430"', "not_a_uuid"],
    ["uuid", '"{6e8bc430-9c3a-4f5c-8d2e-2f1c9a7b4d10}"', "not_a_uuid"],
    ["datetime", '"2024-03-01T00:00:00"', "not_a_datetime"],
    ["datetime", '"2024-02-30"', "not_a_datetime"],
    ["datetime", '"0000-01-01"', "not_a_datetime"],
    ["datetime", "0", "not_a_datetime"],
    ["dict", "[]", "not_an_object"],
    ["dict", '"{}"', "not_an_object"],
    ["dict", '{"a":{"b":9007199254740992}}', "number_too_large"],
    ["dict", '{"a":[1e400]}', "number_too_large"],
    ["dict", String.raw`{"a":"\u0000"}`, "not_storable"],
    ["dict", String.raw`{"\ud800":1}`, "not_storable"],
    ["list", "{}", "not_a_list"],
    ["list", '"[]"', "not_a_list"],
    ["list", String.raw`["\udfff"]`, "not_storable"],
  ])("refuses for a column of type %s the value %s", async (type, value, code) => {
    const id = await createChannel(server, { channel_schema: { "the value": type } });
    const { body } = await appendText(id, `[{"the value":${value}}]`).expect(400);
    expect(body).toMatchObject({ code: "row_invalid", errors: [{ pointer: "/rows/0/the value", code }] });
    expect(await countRows(server, id)).toBe(0);
  });
});
