import * as fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { COLUMN_TYPES, type ColumnType } from "../../server/src/columns/column-type.ts";
import { createChannel } from "../support/channels.ts";
import { instants, type Sample, VALUES } from "../support/arbitrary-values.ts";
import { canonicalJson } from "../support/canonical-json.ts";
import { as } from "../support/http.ts";
import { startTestServer, type TestServer } from "../support/server.ts";

let server: TestServer;
beforeAll(async () => {
  // The rows of these tests lie anywhere in two thousand years.
  server = await startTestServer({ maxNewChunks: 1_000 });
});
afterAll(() => server[Symbol.asyncDispose]());

type Row = Readonly<Record<string, Sample>>;

const ABSENT: Sample = { sent: "", read: null };
const NULL: Sample = { sent: "null", read: null };

type Types = readonly ColumnType[];

const optionalName = (type: string) => `${type} (°)`;

/** For each type a column that needs a value and one that does not. */
function schemaOf(types: Types): Record<string, string> {
  return Object.fromEntries(
    types.flatMap((type) => [
      [type, type],
      [optionalName(type), `optional[${type}]`],
    ]),
  );
}

function rowsOf(types: Types): fc.Arbitrary<Row[]> {
  const columns: [string, fc.Arbitrary<Sample>][] = types.flatMap((type) => [
    [type, VALUES[type]],
    [optionalName(type), fc.oneof(VALUES[type], fc.constantFrom(ABSENT, NULL))],
  ]);
  const row = fc.record<Record<string, Sample>>({ time: instants(Date.now()), ...Object.fromEntries(columns) });
  return fc.array(row, { minLength: 1, maxLength: 12 });
}

function sentAs(row: Row): string {
  const members = Object.entries(row).filter(([, value]) => value !== ABSENT);
  return `{${members.map(([name, { sent }]) => `${JSON.stringify(name)}:${sent}`).join(",")}}`;
}

/** Oldest first, and rows of one time in the order of arrival. */
function readAs(rows: readonly Row[]): string[] {
  const key = (row: Row) => String(row["time"]?.read).replace(/(:\d\d)Z$/, "$1.000000Z");
  return rows
    .toSorted((left, right) => (key(left) < key(right) ? -1 : key(left) > key(right) ? 1 : 0))
    .map((row) => canonicalJson(Object.fromEntries(Object.entries(row).map(([name, { read }]) => [name, read]))));
}

/** Times of one array of columns are of one width, which those of rows are not. */
function widened(values: unknown): string {
  return canonicalJson(values).replaceAll(/(T\d\d:\d\d:\d\d)Z/g, "$1.000000Z");
}

describe("arbitrary rows come back as they were sent", () => {
  test.each([
    ...COLUMN_TYPES.map((type) => ({ what: type, types: [type] })),
    { what: "all types together", types: COLUMN_TYPES },
  ])("$what", async ({ types }) => {
    await fc.assert(
      fc.asyncProperty(rowsOf(types), async (rows) => {
        const definition = { channel_schema: schemaOf(types), density: "sparse" };
        const id = await createChannel(server, definition);
        await as("writer", server)
          .post(`/data/v1/channels/${id}/rows`)
          .type("application/json")
          .send(`{"rows":[${rows.map(sentAs).join(",")}]}`)
          .expect(200);

        const path = `/api/v1/channels/${id}`;
        const { body } = await as("reader", server).get(`${path}/rows?sort=time`).expect(200);
        expect(body.rows.map(canonicalJson)).toEqual(readAs(rows));

        const { body: turned } = await as("reader", server).get(`${path}/columns?sort=time`).expect(200);
        for (const [name, values] of Object.entries(turned.columns)) {
          expect(widened(values)).toBe(widened(body.rows.map((row: Record<string, unknown>) => row[name])));
        }
      }),
      { numRuns: types.length > 1 ? 50 : 15 },
    );
  });
});
