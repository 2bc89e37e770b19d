import { describe, expect, test } from "vitest";
import { createChannel, appendRows } from "../../support/channels.ts";
import { as } from "../../support/http.ts";
import { useTestServer } from "../../support/use-test-server.ts";

const server = useTestServer();

/** Stores one row for each value, and reads them back in order of arrival. */
async function roundTrip(type: string, values: readonly unknown[]): Promise<unknown[]> {
  const rows = await roundTripRows(
    { value: type },
    values.map((value) => ({ value })),
  );
  return rows.map(({ value }) => value);
}

async function roundTripRows(channel_schema: object, rows: object[]): Promise<Record<string, unknown>[]> {
  const id = await createChannel(server, { channel_schema });
  const timed = rows.map((row) => ({ time: "2024-03-01T00:00:00Z", ...row }));
  await appendRows(server, id, timed);
  const { body } = await as("reader", server).get(`/api/v1/channels/${id}/rows`).expect(200);
  return body.rows;
}

const nest = (depth: number): object => (depth === 0 ? { end: true } : { next: nest(depth - 1) });

const SAME: Record<string, unknown[]> = {
  str: [
    "",
    " ",
    "null",
    "plain",
    'quote " backslash \\ slash /',
    "\u0001\b\t\n\f\r\u001f\u007f",
    "\u2028\u2029\ufeff\ufffd",
    "🌡 日本語 e\u0301 \u00e9",
    "'; drop table kronicle.channel; --",
    '{1,NULL,"x"}',
    "x".repeat(100_000),
    "é温🌡".repeat(25_000),
  ],
  int: [0, 1, -1, 2 ** 53 - 1, -(2 ** 53 - 1), 2 ** 31, 4_294_967_296],
  int64: ["0", "1", "-1", "9007199254740993", "9223372036854775807", "-9223372036854775808"],
  float: [
    0,
    1,
    -1,
    0.1,
    0.1 + 0.2,
    1 / 3,
    5e-324,
    -5e-324,
    2.2250738585072014e-308,
    Number.MAX_VALUE,
    -Number.MAX_VALUE,
    1e21,
    123456789.12345679,
    2 ** 53,
    Number.EPSILON,
  ],
  bool: [true, false],
  uuid: ["6e8bc430-9c3a-4f5c-8d2e-2f1c9a7b4d10", "00000000-0000-0000-0000-000000000000", "ffffffff-ffff-ffff-ffff-ffffffffffff"],
  datetime: [
    "2024-03-01T00:00:00Z",
    "2024-03-01T00:00:00.000001Z",
    "0001-01-01T00:00:00Z",
    "9999-12-31T23:59:59.999999Z",
    "1969-12-31T23:59:59.999999Z",
    "2024-02-29T12:34:56.789000Z",
  ],
  dict: [
    {},
    { a: null, "": 1, "a:b": [1, { c: true }] },
    { __proto__: null, constructor: { prototype: 1 } },
    { number: 0.1, tiny: 5e-324, large: 2 ** 53 - 1 },
    nest(12),
    { text: '🌡\u2028"\\' },
  ],
  list: [[], [null], [1, "a", true, null, [], {}], [[[1]], [[2]]], [0.1, -5e-324, 2 ** 53 - 1], ["{}", "[]"]],
};

describe("values come out as they went in", () => {
  test.each(Object.entries(SAME))("%s", async (type, values) => {
    expect(await roundTrip(type, values)).toEqual(values);
  });

  test.each(Object.entries(SAME))("optional[%s], with null and absence between", async (type, values) => {
    expect(await roundTrip(`optional[${type}]`, [null, ...values, null])).toEqual([null, ...values, null]);
    expect(await roundTripRows({ value: `optional[${type}]`, other: "int" }, [{ other: 1 }])).toMatchObject([
      { value: null, other: 1 },
    ]);
  });

  test("minus zero keeps its sign", async () => {
    // JSON.stringify would write 0, so this one is sent as text.
    const id = await createChannel(server, { channel_schema: { value: "float" } });
    const path = `/channels/${id}/rows`;
    await as("writer", server).post(`/data/v1${path}`).type("json").send('{"rows":[{"value":-0},{"value":-0.0e5}]}').expect(200);
    const { body } = await as("reader", server).get(`/api/v1${path}`).expect(200);
    for (const { value } of body.rows) expect(Object.is(value, -0)).toBe(true);
    expect(body.rows).toHaveLength(2);
  });

  test("a key __proto__ inside a document stays a key", async () => {
    const id = await createChannel(server, { channel_schema: { value: "dict" } });
    const path = `/channels/${id}/rows`;
    await as("writer", server)
      .post(`/data/v1${path}`)
      .type("json")
      .send('{"rows":[{"value":{"__proto__":{"a":1}}}]}')
      .expect(200);
    const { text } = await as("reader", server).get(`/api/v1${path}`).expect(200);
    expect(text.replaceAll(" ", "")).toContain('"value":{"__proto__":{"a":1}}');
  });

  test("a big document", async () => {
    const document = { list: Array.from({ length: 20_000 }, (_, index) => ({ index, text: `entry ${index}`, half: index / 2 })) };
    expect(await roundTrip("dict", [document])).toEqual([document]);
  });
});

describe("values come out in one form", () => {
  test.each([
    ["uuid", "6E8BC430-9C3A-4F5C-8D2E-2F1C9A7B4D10", "6e8bc430-9c3a-4f5c-8d2e-2f1c9a7b4d10"],
    ["datetime", "2024-03-01", "2024-03-01T00:00:00Z"],
    ["datetime", "2024-03-01t02:00:00.100+02:00", "2024-03-01T00:00:00.100000Z"],
    ["datetime", "2024-03-01T00:00:00.000000000z", "2024-03-01T00:00:00Z"],
    ["datetime", "2024-02-29T23:30:00.5-00:30", "2024-03-01T00:00:00.500000Z"],
    ["int", 1e3, 1000],
    ["float", 20, 20],
  ])("%s %j as %j", async (type, given, expected) => {
    expect(await roundTrip(type, [given])).toEqual([expected]);
  });

  test("times as UTC, with no fraction or six digits", async () => {
    const times = ["2024-03-01T00:00:00.5Z", "2024-03-01T02:00:00+02:00", "2024-02-29T23:59:59.999999Z"];
    const rows = await roundTripRows(
      { value: "int" },
      times.map((time, value) => ({ time, value })),
    );
    expect(rows.map(({ time }) => time)).toEqual([
      "2024-03-01T00:00:00.500000Z",
      "2024-03-01T00:00:00Z",
      "2024-02-29T23:59:59.999999Z",
    ]);
  });
});

describe("column names", () => {
  test("of any script, and named like properties of objects, hold their values", async () => {
    const names = [
      "température",
      "温度",
      "Δ %",
      "°C",
      "m/s",
      "wind (10 m)",
      "constructor",
      "toString",
      "hasOwnProperty",
      "prototype",
      "length",
      "rows",
      "1",
    ];
    const row = Object.fromEntries(names.map((name, index) => [name, index]));
    const rows = await roundTripRows(Object.fromEntries(names.map((name) => [name, "int"])), [row]);
    expect(rows).toEqual([{ time: "2024-03-01T00:00:00Z", ...row }]);
  });

  test("of 256 columns of all types hold their values", async () => {
    const types = Object.keys(SAME);
    const columns = Array.from({ length: 256 }, (_, index) => {
      const type = types[index % types.length] ?? "str";
      const values = SAME[type] ?? [];
      return { name: `column ${index}`, type, value: type === "str" ? `text ${index}` : values[index % values.length] };
    });
    const row = Object.fromEntries(columns.map(({ name, value }) => [name, value]));
    const rows = await roundTripRows(Object.fromEntries(columns.map(({ name, type }) => [name, type])), [row, row]);
    const stored = { time: "2024-03-01T00:00:00Z", ...row };
    expect(rows).toEqual([stored, stored]);
  });

  test("of 256 columns of one type hold their values", async () => {
    const row = Object.fromEntries(Array.from({ length: 256 }, (_, index) => [`column ${index}`, `${index} `.repeat(100)]));
    const rows = await roundTripRows(Object.fromEntries(Object.keys(row).map((name) => [name, "str"])), [row]);
    expect(rows).toEqual([{ time: "2024-03-01T00:00:00Z", ...row }]);
  });
});
