/** Columns whose names have dots, beside documents into which dots lead. */
import { defineChannel } from "@kronicle/client";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { planColumns } from "../../server/src/columns/channel-schema.ts";
import { COLUMN_TYPES } from "../../server/src/columns/column-type.ts";
import { FaultList } from "../../server/src/problems/fault.ts";
import { planFilters } from "../../server/src/rows/read/row-filter.ts";
import { connect } from "../client/connect.ts";
import { createChannel, readRows } from "../support/channels.ts";
import { as } from "../support/http.ts";
import { useTestServer } from "../support/use-test-server.ts";

const server = useTestServer();

const SCHEMA = {
  "PM2.5": "float",
  "PM2.5.max": "optional[float]",
  PM2: "optional[str]",
  at: "optional[dict]",
  "list.x": "optional[list]",
};

async function createStation(): Promise<string> {
  const id = await createChannel(server, { channel_schema: SCHEMA });
  const rows = [
    { time: "2024-03-01T00:00:00Z", "PM2.5": 3, at: { "5": { x: "near" } } },
    { time: "2024-03-02T00:00:00Z", "PM2.5": 4, "PM2.5.max": 9, PM2: "2", "list.x": ["a"] },
    { time: "2024-03-03T00:00:00Z", "PM2.5": 5, "PM2.5.max": 7, at: { "5": { x: "far" } } },
  ];
  await as("writer", server).post(`/data/v1/channels/${id}/rows`).send({ rows }).expect(200);
  return id;
}

/** Days of March of the rows that a query selects. */
async function days(id: string, query: string): Promise<number[]> {
  return (await readRows(server, id, `?${query}`)).map(({ time }) => Number(String(time).slice(8, 10)));
}

describe("columns with dots in their names", () => {
  test.each([
    ["col[PM2.5]=3", [1]],
    ["any[PM2.5]=3,5", [3, 1]],
    ["min[PM2.5]=4", [3, 2]],
    ["max[PM2.5.max]=8", [3]],
    ["null[PM2.5.max]=true", [1]],
    ["has[list.x]=a", [2]],
    ["col[PM2]=2", [2]],
    ["col[at.5.x]=far", [3]],
    ["any[at.5.x]=far,near", [3, 1]],
    ["sort=PM2.5", [1, 2, 3]],
    ["sort=-PM2.5.max,PM2.5", [2, 3, 1]],
  ])("are read by %s", async (query, expected) => {
    expect(await days(await createStation(), query)).toEqual(expected);
  });

  test("are picked, shown in CSV, and given back as columns", async () => {
    const id = await createStation();
    const get = (path: string) => as("reader", server).get(`/api/v1/channels/${id}/${path}`).expect(200);
    expect((await get("columns?columns=PM2.5,PM2.5.max&sort=time")).body.columns).toMatchObject({
      "PM2.5": [3, 4, 5],
      "PM2.5.max": [null, 9, 7],
    });
    const { text } = await get("rows/export?format=csv&columns=PM2.5.max,PM2.5&sort=time&limit=1");
    expect(text).toBe("time,PM2.5.max,PM2.5\r\n2024-03-01T00:00:00.000000Z,,3\r\n");
  });

  test.each([
    ["text/csv", "time,PM2.5,PM2.5.max\n2024-03-04T00:00:00Z,6,1\n"],
    ["application/x-ndjson", '{"time":"2024-03-04T00:00:00Z","PM2.5":6,"PM2.5.max":1}\n'],
  ])("are appended to as %s", async (type, body) => {
    const id = await createStation();
    await as("writer", server).post(`/data/v1/channels/${id}/rows`).set("Content-Type", type).send(body).expect(200);
    expect(await readRows(server, id, "?col[PM2.5]=6&columns=PM2.5,PM2.5.max")).toEqual([
      { time: "2024-03-04T00:00:00Z", "PM2.5": 6, "PM2.5.max": 1 },
    ]);
  });

  test("are told of by their names in faults", async () => {
    const id = await createStation();
    const sent = as("writer", server).post(`/data/v1/channels/${id}/rows?strict=false`);
    const rows = [{ "PM2.5": 6 }, { "PM2.5": "x" }, { "PM2.5": 1, "PM2.6": 1 }];
    const { body } = await sent.send({ rows }).expect(200);
    expect(body.op_details.details).toMatchObject([
      { subfield: "/rows/1/PM2.5", code: "not_a_number" },
      { subfield: "/rows/2/PM2.6", code: "unknown_column" },
    ]);
    expect(body.op_details.details[1].message).toContain('did you mean "PM2.5"');
  });

  test("are deleted by, made anew by a clone, and upserted", async () => {
    const id = await createStation();
    const admin = as("admin", server);
    const removed = await admin.delete(`/setup/v1/channels/${id}/rows?min[PM2.5]=4`).expect(200);
    expect(removed.body.op_details.deleted_rows).toBe(2);
    const clone = await admin.post(`/setup/v1/channels/${id}/clone`).send({}).expect(201);
    expect(clone.body.channel_schema).toEqual({ time: "datetime", ...SCHEMA });
    const upsert = {
      channel_id: id,
      channel_schema: SCHEMA,
      column_info: { "PM2.5": { unit: "ug/m3" } },
      rows: [{ "PM2.5": 8 }],
    };
    const { body } = await as("writer", server).post("/data/v1/channels").send(upsert).expect(200);
    expect(body).toMatchObject({ column_info: { "PM2.5": { unit: "ug/m3" } }, available_rows: 2 });
  });

  test("are added to a channel with rows, and given to one by another name", async () => {
    const id = await createStation();
    const patch = { rename_columns: { PM2: "PM.2" }, channel_schema: { "PM.3": "optional[int]" } };
    const { body } = await as("admin", server).patch(`/setup/v1/channels/${id}`).send(patch).expect(200);
    expect(body.channel_schema).toMatchObject({ "PM.2": "optional[str]", "PM.3": "optional[int]" });
    expect(await days(id, "col[PM.2]=2")).toEqual([2]);
  });

  test("have types in the client", async () => {
    const id = await createStation();
    const station = defineChannel({ "PM2.5": "float", "PM2.5.max": "optional[float]", at: "optional[dict]" });
    const channel = connect("reader", server).reader.channel(id, station);
    const { rows } = await channel
      .rows({ where: { "PM2.5": { min: 4, in: [4, 5] }, at: { path: { "5.x": "far" } } }, columns: ["PM2.5"], sort: "-PM2.5" })
      .page();
    const [first]: readonly (number | undefined)[] = rows.map((row) => row["PM2.5"]);
    expect(first).toBe(5);
  });
});

describe("a filter on what is no column", () => {
  test.each([
    ["col[PM1.5]=1", "unknown_column", 'no column "PM1.5"; did you mean "PM2.5"?'],
    ["min[PM1.5]=1", "unknown_column", 'no column "PM1.5"; did you mean "PM2.5"?'],
    ["col[att.5]=1", "unknown_column", 'no column "att"; did you mean "at"?'],
    ["col[PM2.5.min]=1", "wrong_type", "takes a path in a dict only; PM2.5 is float"],
    ["col[PM2.5.]=1", "wrong_type", "takes a path in a dict only"],
    ["min[at.5]=1", "wrong_type", "min does not take a path"],
    ["null[at.5]=true", "wrong_type", "null does not take a path"],
    ["has[at.5]=a", "wrong_type", "has does not take a path"],
  ])("is refused: %s", async (query, code, words) => {
    const id = await createStation();
    const { body } = await as("reader", server).get(`/api/v1/channels/${id}/rows?${query}`).expect(400);
    expect(body.errors).toMatchObject([{ parameter: query.split("=")[0], code }]);
    expect(body.errors[0].detail).toContain(words);
  });
});

describe("whatever the names are", () => {
  const name = fc.array(fc.constantFrom("a", "b", "."), { minLength: 1, maxLength: 6 }).map((letters) => letters.join(""));
  const schema = fc.dictionary(name, fc.constantFrom(...COLUMN_TYPES), { minKeys: 1, maxKeys: 12 });
  const path = fc.array(
    fc.string({ unit: "grapheme-ascii", maxLength: 2 }).map((step) => step.replaceAll(".", "")),
    { maxLength: 3 },
  );

  test("what is written for a column, or a path into its documents, is read as that", () => {
    fc.assert(
      fc.property(schema, path, (declared, steps) => {
        const { columns, faults } = planColumns(declared);
        fc.pre(faults.length === 0);
        for (const column of columns) {
          const isDocument = column.type === "dict";
          const wanted = isDocument ? steps : [];
          // As the grammar parts it, which knows no columns.
          const [first = "", ...rest] = [column.name, ...wanted].join(".").split(".");
          const found = new FaultList();
          const filters =
            isDocument && wanted.length > 0
              ? planFilters(columns, [{ form: "brackets", operator: "col", column: first, path: rest, value: "x" }], found)
              : planFilters(columns, [{ form: "brackets", operator: "null", column: column.name, isNull: true }], found);
          expect(found.found).toEqual([]);
          expect(filters).toMatchObject([wanted.length > 0 ? { column, path: wanted } : { column }]);
        }
      }),
      { numRuns: 2_000 },
    );
  });
});
