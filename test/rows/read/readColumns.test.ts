import { beforeAll, describe, expect, test } from "vitest";
import { createChannel, appendRows } from "../../support/channels.ts";
import { as } from "../../support/http.ts";
import { useTestServer } from "../../support/use-test-server.ts";

const COLUMNS: { name: string; type: string; value: (index: number) => unknown }[] = [
  { name: "温度", type: "float", value: (index) => index / 3 },
  { name: "count", type: "int", value: (index) => index },
  { name: "big", type: "int64", value: (index) => `900719925474099${index % 10}` },
  { name: "note (raw)", type: "str", value: (index) => `"${index}"\n[,]` },
  { name: "open", type: "bool", value: (index) => index % 2 === 0 },
  { name: "device", type: "uuid", value: () => "6e8bc430-9c3a-4f5c-8d2e-2f1c9a7b4d10" },
  { name: "seen", type: "datetime", value: (index) => `2024-03-01T00:00:00.00000${(index % 9) + 1}Z` },
  { name: "document", type: "dict", value: (index) => ({ index, deep: { list: [1, null, "x"] } }) },
  { name: "constructor", type: "list", value: (index) => [index, [], {}] },
];

const server = useTestServer();
let id: string;
beforeAll(async () => {
  id = await createChannel(server, {
    channel_schema: Object.fromEntries(COLUMNS.map(({ name, type }) => [name, `optional[${type}]`])),
  });
  const rows = Array.from({ length: 12 }, (_, index) => ({
    // Three rows to a time, so that ties show.
    time: `2024-03-01T00:00:0${Math.floor(index / 3)}Z`,
    ...Object.fromEntries(
      COLUMNS.filter((_column, position) => (index + position) % 4 > 0).map(({ name, value }) => [name, value(index)]),
    ),
  }));
  await appendRows(server, id, rows);
});

function read(form: "rows" | "columns", query: string, channelId = id) {
  return as("reader", server).get(`/api/v1/channels/${channelId}/${form}${query}`);
}

type Row = Record<string, unknown>;

/** Rows, turned round. */
function transpose(names: string[], rows: Row[]): Record<string, unknown[]> {
  return Object.fromEntries(names.map((name) => [name, rows.map((row) => row[name])]));
}

describe("200", () => {
  test.each([
    "",
    "?sort=time",
    "?limit=5",
    "?sort=time&limit=5",
    "?limit=12",
    "?from=2024-03-01T00:00:01Z&to=2024-03-01T00:00:03Z",
    "?to=2024-01-01T00:00:00Z",
    "?columns=count,open",
    "?columns=open,count&sort=time&limit=2",
    "?columns=time",
  ])("%s is the same selection as rows, value by value", async (query) => {
    const { body: byRow } = await read("rows", query).expect(200);
    const { body: byColumn } = await read("columns", query).expect(200);
    const { rows, ...rest } = byRow;
    const names = Object.keys(rows[0] ?? { time: null, ...Object.fromEntries(COLUMNS.map(({ name }) => [name, null])) });

    expect(byColumn).toEqual({ ...rest, columns: transpose(names, rows) });
    expect(Object.keys(byColumn.columns)).toEqual(names);
  });

  test("pages through all of it, each row once", async () => {
    const { body: whole } = await read("columns", "?sort=time").expect(200);
    const times: string[] = [];
    const counts: unknown[] = [];
    let cursor = "";
    do {
      const { body } = await read("columns", `?sort=time&limit=5${cursor && `&cursor=${cursor}`}`).expect(200);
      times.push(...body.columns.time);
      counts.push(...body.columns.count);
      cursor = body.next_cursor ?? "";
    } while (cursor);
    expect(times).toEqual(whole.columns.time);
    expect(counts).toEqual(whole.columns.count);
    expect(times).toHaveLength(12);
  });

  test("has an empty array for each column of an empty channel", async () => {
    const empty = await createChannel(server, { channel_schema: { a: "float", b: "dict" } });
    const { body } = await read("columns", "", empty).expect(200);
    expect(body).toMatchObject({ columns: { time: [], a: [], b: [] }, has_more: false, next_cursor: null });
    expect(body.op_details).toEqual({ provided_rows: 0, available_rows: 0 });
    expect(body).not.toHaveProperty("rows");
    const { body: one } = await read("columns", "?columns=b", empty).expect(200);
    expect(one.columns).toEqual({ time: [], b: [] });
  });

  test("gives 256 columns", async () => {
    const names = Array.from({ length: 256 }, (_, index) => `column ${index}`);
    const wide = await createChannel(server, { channel_schema: Object.fromEntries(names.map((name) => [name, "float"])) });
    const values = (row: number) => Object.fromEntries(names.map((name, index) => [name, index + row / 2]));
    const rows = [
      { time: "2024-03-01T00:00:00Z", ...values(0) },
      { time: "2024-03-01T00:00:01Z", ...values(1) },
    ];
    await appendRows(server, wide, rows);
    const { body } = await read("columns", "?sort=time", wide).expect(200);
    expect(body.columns).toEqual(transpose(["time", ...names], rows));
  });
});

describe("times of one column", () => {
  const WHOLE = ["2024-03-01T00:00:00Z", "2024-03-01T00:00:01Z", "2024-03-01T00:00:02Z"];
  const MIXED = ["2024-03-01T00:00:00Z", "2024-03-01T00:00:01.5Z", "2024-03-01T00:00:02.000001Z"];
  const WIDE = ["2024-03-01T00:00:00.000000Z", "2024-03-01T00:00:01.500000Z", "2024-03-01T00:00:02.000001Z"];

  test.each([
    ["without a fraction where none has one", WHOLE, WHOLE],
    ["with six digits each where any has one", MIXED, WIDE],
  ])("are of one width, %s", async (_what, times, shown) => {
    const channelId = await createChannel(server, { channel_schema: { seen: "optional[datetime]", whole: "datetime" } });
    const rows = times.map((time, index) => Object.assign({ time, whole: WHOLE[index] }, index === 1 ? {} : { seen: time }));
    await as("writer", server).post(`/data/v1/channels/${channelId}/rows`).send({ rows }).expect(200);
    const { body } = await read("columns", "?sort=time", channelId).expect(200);
    expect(body.columns).toEqual({ time: shown, seen: [shown[0], null, shown[2]], whole: WHOLE });
    const { body: page } = await read("columns", "?sort=time&limit=1", channelId).expect(200);
    expect(page.columns).toEqual({ time: [WHOLE[0]], seen: [WHOLE[0]], whole: [WHOLE[0]] });
  });
});

describe("400", () => {
  test.each([
    "columns=wind",
    "columns=count&columns=open",
    "limit=0",
    "limit=10001",
    "limit=abc",
    "sort=wind",
    "from=2024-03-01T00:00:00",
    "to=2024-02-30T00:00:00Z",
    "cursor=x",
    "page=1",
  ])("refuses %s, and names the parameter", async (query) => {
    const { body } = await read("columns", `?${query}`).expect(400);
    expect(body).toMatchObject({ errors: [{ parameter: query.split("=")[0] }] });
  });

  test("refuses an id that is no UUID", async () => {
    const { body } = await read("columns", "", "thermo-1").expect(400);
    expect(body).toMatchObject({ errors: [{ parameter: "channel_id" }] });
  });
});

describe("404", () => {
  test("knows no such channel", async () => {
    const { body } = await read("columns", "", "00000000-0000-4000-8000-000000000000").expect(404);
    expect(body).toMatchObject({ code: "channel_not_found" });
  });
});
