import { beforeAll, describe, expect, test } from "vitest";
import { COLUMN_TYPES, type ColumnType, TYPE_RULES } from "../../../server/src/columns/column-type.ts";
import { as } from "../../support/http.ts";
import { useTestServer } from "../../support/use-test-server.ts";

/** Two values of each type, the smaller one first, and none. */
const VALUES: Readonly<Record<ColumnType, readonly [unknown, unknown]>> = {
  str: ["a", "b"],
  int: [-7, 9_007_199_254_740_991],
  int64: ["-9223372036854775808", "9223372036854775807"],
  float: [-1e-300, 1.5e300],
  bool: [false, true],
  uuid: ["00000000-0000-4000-8000-000000000000", "ffffffff-0000-4000-8000-000000000000"],
  datetime: ["1066-10-14T09:00:00.000001Z", "2024-03-01T00:00:00Z"],
  dict: [{ a: 1 }, { a: 2 }],
  list: [[1], [2]],
};
const SORTABLE = COLUMN_TYPES.filter((type) => TYPE_RULES[type].isSortable);

/** Which of the two, or none, stands in which row: each of them more than once. */
const PLACES = [1, null, 0, 1, 0, null];
const NUMBERS = { ascending: [2, 4, 0, 3, 1, 5], descending: [0, 3, 2, 4, 1, 5] };

type Row = { readonly number: number };

const server = useTestServer();
let id: string;
beforeAll(async () => {
  const channel_schema = { number: "int", ...Object.fromEntries(COLUMN_TYPES.map((type) => [type, `optional[${type}]`])) };
  const { body } = await as("admin", server).post("/setup/v1/channels").send({ channel_schema }).expect(201);
  id = body.channel_id;
  const rows = PLACES.map((place, number) =>
    Object.assign(
      { time: "2024-03-01T00:00:00Z", number },
      place === null ? {} : Object.fromEntries(COLUMN_TYPES.map((type) => [type, VALUES[type][place]])),
    ),
  );
  await as("writer", server).post(`/data/v1/channels/${id}/rows`).send({ rows }).expect(200);
});

const numbersOf = (rows: readonly Row[]) => rows.map(({ number }) => number);

async function walk(parameters: Record<string, string>): Promise<number[]> {
  const numbers: number[] = [];
  for (let cursor: string | null | undefined; cursor !== null && numbers.length < 100;) {
    const query = new URLSearchParams(cursor === undefined ? parameters : { ...parameters, cursor });
    const { body }: { body: { rows: Row[]; next_cursor: string | null } } = await as("reader", server)
      .get(`/api/v1/channels/${id}/rows?${query.toString()}`)
      .expect(200);
    numbers.push(...numbersOf(body.rows));
    cursor = body.next_cursor;
  }
  return numbers;
}

describe.each(SORTABLE)("a walk by a %s column with nulls", (type) => {
  test.each(["1", "2", "5"])("sees each row once in either direction, by pages of %s", async (limit) => {
    expect(await walk({ sort: type, limit })).toEqual(NUMBERS.ascending);
    expect(await walk({ sort: `-${type}`, limit })).toEqual(NUMBERS.descending);
  });

  test("sees each row once as the second of two keys, the first of which tells nothing apart", async () => {
    expect(await walk({ sort: `time,${type}`, limit: "1" })).toEqual(NUMBERS.ascending);
    expect(await walk({ sort: `time,-${type}`, limit: "1" })).toEqual(NUMBERS.descending);
  });
});

const asText = (value: unknown) => (typeof value === "object" ? JSON.stringify(value) : String(value));
const [WITH_SMALLER, WITH_LARGER, WITH_NONE] = [
  [2, 4],
  [0, 3],
  [1, 5],
];

function filtersFor(type: ColumnType): [string, string, number[]][] {
  const { comparedBy, isRanged } = TYPE_RULES[type];
  const [smaller, larger] = VALUES[type].map(asText);
  const place = comparedBy === "path" ? `${type}.a` : type;
  const [first, second] = comparedBy === "value" ? [smaller, larger] : ["1", "2"];
  return [
    ...(comparedBy === "item"
      ? [[`has[${type}]`, "2", WITH_LARGER] satisfies [string, string, number[]]]
      : [
          [`col[${place}]`, String(first), WITH_SMALLER] satisfies [string, string, number[]],
          [`any[${place}]`, `${first},${second}`, [0, 2, 3, 4]] satisfies [string, string, number[]],
        ]),
    ...(isRanged
      ? [
          [`min[${type}]`, String(larger), WITH_LARGER] satisfies [string, string, number[]],
          [`max[${type}]`, String(smaller), WITH_SMALLER] satisfies [string, string, number[]],
        ]
      : []),
    [`null[${type}]`, "true", WITH_NONE],
  ];
}

describe("a filter", () => {
  test.each(COLUMN_TYPES.flatMap(filtersFor))("%s=%s finds rows %j", async (name, value, numbers) => {
    expect(await walk({ [name]: value, sort: "number", limit: "1" })).toEqual(numbers);
  });
});

test("an export in the order of a bool column goes on past its first piece", async () => {
  const schema = { channel_schema: { number: "int", flag: "optional[bool]" } };
  const { body } = await as("admin", server).post("/setup/v1/channels").send(schema).expect(201);
  const rows = Array.from({ length: 7_000 }, (_, number) =>
    Object.assign({ time: "2024-03-01T00:00:00Z", number }, number % 10 === 0 ? {} : { flag: number % 2 === 1 }),
  );
  await as("writer", server).post(`/data/v1/channels/${body.channel_id}/rows`).send({ rows }).expect(200);
  for (const sort of ["flag", "-flag"]) {
    const { text } = await as("reader", server)
      .get(`/api/v1/channels/${body.channel_id}/rows/export?sort=${sort}`)
      .buffer()
      .expect(200);
    const numbers = text
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line).number);
    expect(new Set(numbers).size).toBe(rows.length);
  }
});
