/** One selection has four encodings, and each of them says the same of every value: what was sent. */
import { parse } from "csv-parse/sync";
import * as fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { COLUMN_TYPES, type ColumnType } from "../../../server/src/columns/column-type.ts";
import { createChannel } from "../../support/channels.ts";
import { instants, type Sample, VALUES } from "../../support/arbitrary-values.ts";
import { canonicalJson } from "../../support/canonical-json.ts";
import { as } from "../../support/http.ts";
import { KEYS, startTestServer, type TestServer } from "../../support/server.ts";

let server: TestServer;
beforeAll(async () => {
  // The rows of these tests lie anywhere in two thousand years.
  server = await startTestServer({ maxNewChunks: 1_000 });
});
afterAll(() => server[Symbol.asyncDispose]());

/** The JSON text that goes in; what comes out is the same value unless it is said. */
const EXTREMES: Record<ColumnType, readonly (string | readonly [sent: string, read: unknown])[]> = {
  str: [
    '""',
    '" "',
    '"null"',
    '"a,b"',
    String.raw`"quote \" and \"\""`,
    String.raw`"line\nfeed\rreturn\r\nboth"`,
    String.raw`"\u0001\t\b\f\u007f\u2028\u2029\ufeff\ufffd"`,
    '"🌡 日本語 e\u0301 \u00e9"',
    String.raw`"back\\slash \\n"`,
    '"=1+1; \' -- "',
    '"{1,NULL}"',
  ],
  int: ["0", "1", "-1", "9007199254740991", "-9007199254740991", ["1e3", 1000]],
  int64: ['"0"', '"9007199254740993"', '"9223372036854775807"', '"-9223372036854775808"', ['"007"', "7"], ['"-0"', "0"]],
  float: [
    "0",
    "-0",
    "5e-324",
    "-5e-324",
    "2.2250738585072014e-308",
    "1.7976931348623157e308",
    "-1.7976931348623157e308",
    "0.1",
    "0.30000000000000004",
    "1e21",
    "9007199254740993",
  ],
  bool: ["true", "false"],
  uuid: [
    '"00000000-0000-0000-0000-000000000000"',
    ['"6E8BC430-9C3A-4F5C-8D2E-2F1C9A7B4D10"', "6e8bc430-9c3a-4f5c-8d2e-2f1c9a7b4d10"],
  ],
  datetime: [
    '"0001-01-01T00:00:00Z"',
    '"9999-12-31T23:59:59.999999Z"',
    '"1969-12-31T23:59:59.999999Z"',
    '"2024-02-29T12:34:56.000001Z"',
    ['"2024-03-01"', "2024-03-01T00:00:00Z"],
    ['"2024-03-01T00:00:00.5+05:30"', "2024-02-29T18:30:00.500000Z"],
  ],
  dict: [
    "{}",
    '{"a":null,"":[],"b,c":{"d\\"e":[1,{"f":true}]}}',
    '{"__proto__":{"constructor":1},"number":5e-324}',
    String.raw`{"text":"a\nb\u2028,\"🌡"}`,
    '{"integer":9007199254740991}',
  ],
  list: ["[]", "[null]", '["a,b","\\"",[],{},-9007199254740991,0.1]', "[[[[]]]]", String.raw`["\r\n"]`],
};

const TIMES: readonly (readonly [sent: string, read: string])[] = [
  ["0001-01-01T00:00:00Z", "0001-01-01T00:00:00Z"],
  ["0001-01-01T00:00:00.000001Z", "0001-01-01T00:00:00.000001Z"],
  ["1969-12-31T23:59:59.999999Z", "1969-12-31T23:59:59.999999Z"],
  ["2024-03-01T02:00:00.1+02:00", "2024-03-01T00:00:00.100000Z"],
  ["2024-03-01T00:00:00.100000Z", "2024-03-01T00:00:00.100000Z"],
];

const optionalName = (type: ColumnType) => `${type} (°)`;

type Row = Readonly<Record<string, Sample>>;

const NOTHING: readonly Sample[] = [
  { sent: "null", read: null },
  // Left out.
  { sent: "", read: null },
];

const COLUMNS = COLUMN_TYPES.flatMap((type) => [
  { name: type, type, declared: type },
  { name: optionalName(type), type, declared: `optional[${type}]` },
]);

const TYPE_OF = new Map<string, ColumnType>([
  ["time", "datetime"],
  ["received_at", "datetime"],
  ...COLUMNS.map(({ name, type }) => [name, type] as const),
]);

function pick<T>(values: readonly T[], index: number): T {
  const value = values[index % values.length];
  if (value === undefined) throw new Error("there is nothing to pick from");
  return value;
}

function extreme(type: ColumnType, index: number): Sample {
  const value = pick(EXTREMES[type], index);
  return typeof value === "string" ? { sent: value, read: JSON.parse(value) } : { sent: value[0], read: value[1] };
}

/** Each extreme value in a column that needs one and, in another row, in one that does not, with no value between. */
const EXTREME_ROWS: Row[] = Array.from({ length: 24 }, (_, index) => {
  const [sent, read] = pick(TIMES, index);
  return {
    time: { sent: JSON.stringify(sent), read },
    ...Object.fromEntries(
      COLUMN_TYPES.flatMap((type, position) => [
        [type, extreme(type, index)],
        [optionalName(type), (index + position) % 3 === 0 ? pick(NOTHING, index) : extreme(type, index + position)],
      ]),
    ),
  };
});

const arbitraryRow: fc.Arbitrary<Row> = fc.record<Record<string, Sample>>({
  time: instants(Date.now()),
  ...Object.fromEntries(
    COLUMN_TYPES.flatMap((type) => [
      [type, VALUES[type]],
      [optionalName(type), fc.oneof(VALUES[type], fc.constantFrom(...NOTHING))],
    ]),
  ),
});

async function store(rows: readonly Row[]): Promise<string> {
  const channel_schema = Object.fromEntries(COLUMNS.map(({ name, declared }) => [name, declared]));
  const id = await createChannel(server, { channel_schema, density: "sparse" });
  const texts = rows.map((row) => {
    const members = Object.entries(row).filter(([, { sent }]) => sent !== "");
    return `{${members.map(([name, { sent }]) => `${JSON.stringify(name)}:${sent}`).join(",")}}`;
  });
  await as("writer", server)
    .post(`/data/v1/channels/${id}/rows`)
    .type("application/json")
    .send(`{"rows":[${texts.join(",")}]}`)
    .expect(200);
  return id;
}

async function get(id: string, path: string): Promise<string> {
  const response = await fetch(`${server.url}/api/v1/channels/${id}${path}`, {
    headers: { Authorization: `Bearer ${KEYS.reader}` },
  });
  expect(response.status).toBe(200);
  return response.text();
}

type Table = { readonly names: readonly string[]; readonly values: readonly (readonly string[])[] };

const record = z.record(z.string(), z.unknown());

function tableOf(names: readonly string[], rows: readonly Record<string, unknown>[]): Table {
  return { names, values: rows.map((row) => names.map((name) => canonicalJson(narrow(name, row[name])))) };
}

/** Columns and CSV write all times of a column in one width; the moments are the same. */
function narrow(name: string, value: unknown): unknown {
  return TYPE_OF.get(name) === "datetime" && typeof value === "string" ? value.replace(".000000Z", "Z") : value;
}

/** The type of a field of CSV is that of its column. */
function readField(name: string, field: string | null): unknown {
  if (field === null) return null;
  switch (TYPE_OF.get(name)) {
    case "int":
    case "float":
    case "bool":
    case "dict":
    case "list":
      return JSON.parse(field);
    default:
      return field;
  }
}

/** The same selection in each encoding, as one table of names and values. */
async function readEach(id: string, query: string): Promise<Record<"rows" | "columns" | "ndjson" | "csv", Table>> {
  const { rows } = z.object({ rows: z.array(record) }).parse(JSON.parse(await get(id, `/rows?${query}`)));
  const { columns } = z
    .object({ columns: z.record(z.string(), z.array(z.unknown())) })
    .parse(JSON.parse(await get(id, `/columns?${query}`)));
  const lines = (await get(id, `/rows/export?format=ndjson&${query}`)).split("\n");
  expect(lines.pop()).toBe("");
  const ndjson = lines.map((line) => record.parse(JSON.parse(line)));
  const records: (string | null)[][] = parse(await get(id, `/rows/export?format=csv&${query}`), {
    recordDelimiter: "\r\n",
    cast: (value, { quoting }) => (value === "" && !quoting ? null : value),
  });
  const [header = [], ...fields] = records;
  const names = header.map(String);
  return {
    rows: tableOf(Object.keys(rows[0] ?? {}), rows),
    columns: tableOf(
      Object.keys(columns),
      rows.map((_row, index) => Object.fromEntries(Object.entries(columns).map(([name, values]) => [name, values[index]]))),
    ),
    ndjson: tableOf(Object.keys(ndjson[0] ?? {}), ndjson),
    csv: tableOf(
      names,
      fields.map((line) => Object.fromEntries(names.map((name, index) => [name, readField(name, line[index] ?? null)]))),
    ),
  };
}

const sortable = (time: unknown) => String(time).replace(/(:\d\d)Z$/, "$1.000000Z");

/** Oldest first, and rows of one time in the order of arrival. */
function expected(rows: readonly Row[]): Table {
  const sorted = rows.toSorted((left, right) => {
    const [first, second] = [sortable(left["time"]?.read), sortable(right["time"]?.read)];
    return first < second ? -1 : first > second ? 1 : 0;
  });
  const names = ["time", ...COLUMNS.map(({ name }) => name)];
  return tableOf(
    names,
    sorted.map((row) => Object.fromEntries(Object.entries(row).map(([name, { read }]) => [name, read]))),
  );
}

describe("rows, columns, NDJSON and CSV", () => {
  test("each bring back every extreme of every type, and no value as no value", async () => {
    const tables = await readEach(await store(EXTREME_ROWS), "sort=time");
    for (const table of Object.values(tables)) expect(table).toEqual(expected(EXTREME_ROWS));
  });

  test("each bring back arbitrary rows as they were sent", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(arbitraryRow, { minLength: 1, maxLength: 12 }), async (rows) => {
        const tables = await readEach(await store(rows), "sort=time");
        for (const table of Object.values(tables)) expect(table).toEqual(expected(rows));
      }),
      { numRuns: 25 },
    );
  });

  test("are one selection, whatever is asked for", async () => {
    const id = await store(EXTREME_ROWS);
    const sorted = COLUMN_TYPES.flatMap((type) =>
      type === "dict" || type === "list" ? [] : [{ sort: type }, { sort: `-${optionalName(type)},time` }],
    );
    const queries: Record<string, string>[] = [
      {},
      { skip_received: "false", sort: "received_at,-time" },
      { limit: "7", offset: "5" },
      { from: "1969-12-31T23:59:59.999999Z", to: "2024-03-01T00:00:00.1Z" },
      { columns: `list,${optionalName("str")},time,bool` },
      { [`null[${optionalName("float")}]`]: "true" },
      { "col[float]": "0" },
      { "any[str]": '"a,b",""', "null[dict (°)]": "false" },
      { "has[list]": "a,b", sort: "str", limit: "1" },
      ...sorted,
    ];
    for (const query of queries) {
      const { rows, ...others } = await readEach(id, new URLSearchParams(query).toString());
      expect(rows.values.length).toBeGreaterThan(0);
      for (const table of Object.values(others)) expect(table).toEqual(rows);
    }
  });
});
