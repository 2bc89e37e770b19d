import { defineChannel, isApiError } from "@kronicle/client";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startTestServer, type TestServer } from "../../support/server.ts";
import { connect, recordFetch } from "../connect.ts";

const counter = defineChannel({ count: "int64", "темп °C": "float", "a/b (%)": "optional[str]" });

const ROWS = 25;
const at = (hour: number) => `2024-03-0${1 + Math.floor(hour / 24)}T${String(hour % 24).padStart(2, "0")}:00:00Z`;
const numbers = (count: number) => Array.from({ length: count }, (_, index) => index);

let server: TestServer;
let id: string;
beforeAll(async () => {
  server = await startTestServer();
  const rows = numbers(ROWS).map((hour) => ({ time: at(hour), count: BigInt(hour), "темп °C": hour / 10 }));
  ({ channel_id: id } = await connect("writer", server).writer.upsertChannel({ name: "counter", schema: counter, rows }));
});
afterAll(() => server[Symbol.asyncDispose]());

function reader(send?: typeof fetch) {
  return connect("reader", server, send).reader.channel(id, counter);
}

describe("rows", () => {
  test("come all by for await, over as many pages as it takes", async () => {
    const { send, urls } = recordFetch();
    const seen: bigint[] = [];
    for await (const row of reader(send).rows({ sort: "time", limit: 7 })) seen.push(row.count);
    expect(seen).toEqual(numbers(ROWS).map(BigInt));
    expect(urls).toHaveLength(4);
  });

  test("come newest first unless the query asks otherwise", async () => {
    const { rows } = await reader().rows().page();
    expect(rows.map(({ time }) => time)).toEqual(numbers(ROWS).map(at).toReversed());
  });

  test("are asked for no sooner than they are used, and from the start each time", async () => {
    const { send, urls } = recordFetch();
    const selection = reader(send).rows({ limit: 10 });
    expect(urls).toHaveLength(0);

    for await (const row of selection) if (row.count < 20n) break;
    expect(urls).toHaveLength(1);
    expect((await selection.page()).rows[0]?.count).toBe(24n);
  });

  test("come page by page with the cursor of the page before", async () => {
    const first = await reader().rows({ limit: 20 }).page();
    expect(first).toMatchObject({
      hasMore: true,
      nextCursor: expect.any(String),
      channel: { name: "counter", available_rows: ROWS },
    });
    expect(first.channel).not.toHaveProperty("rows");

    const second = await reader()
      .rows({ limit: 20, cursor: first.nextCursor ?? "" })
      .page();
    expect(second).toMatchObject({ hasMore: false, nextCursor: null });
    expect([...first.rows, ...second.rows].map(({ count }) => count)).toEqual(numbers(ROWS).map(BigInt).toReversed());
  });

  test("come by for await from a cursor on", async () => {
    const { nextCursor } = await reader().rows({ limit: 20 }).page();
    const seen: bigint[] = [];
    for await (const { count } of reader().rows({ limit: 2, cursor: nextCursor ?? "" })) seen.push(count);
    expect(seen).toEqual([4n, 3n, 2n, 1n, 0n]);
  });

  test("are of no other query than the cursor", async () => {
    const { nextCursor } = await reader().rows({ limit: 20 }).page();
    const error: unknown = await reader()
      .rows({ sort: "time", cursor: nextCursor ?? "" })
      .page()
      .catch((thrown: unknown) => thrown);
    expect(isApiError(error, "query_invalid")).toBe(true);
    expect(error).toMatchObject({ errors: [{ parameter: "cursor", code: "bad_cursor" }] });
  });

  test("have the columns that were picked, and their time", async () => {
    const { rows } = await reader()
      .rows({ columns: ["темп °C", "a/b (%)"], limit: 1 })
      .page();
    expect(rows).toEqual([{ time: at(24), "темп °C": 2.4, "a/b (%)": null }]);
    const { rows: timed } = await reader()
      .rows({ columns: ["time", "count"], limit: 1 })
      .page();
    expect(timed).toEqual([{ time: at(24), count: 24n }]);
  });

  test.each([
    ["a Date", new Date(at(3)), new Date(at(5))],
    ["text in UTC", at(3), at(5)],
    ["text with an offset east", "2024-03-01T05:00:00+02:00", "2024-03-01T07:00:00+02:00"],
    ["text with an offset west", "2024-02-29T23:30:00.000000-03:30", "2024-03-01T01:30:00-03:30"],
  ])("lie from the first time on and before the last, given as %s", async (_what, from, to) => {
    const { rows } = await reader().rows({ from, to, sort: "time" }).page();
    expect(rows.map(({ count }) => count)).toEqual([3n, 4n]);
  });

  test("end a microsecond early when the end says so", async () => {
    const { rows } = await reader()
      .rows({ from: at(3), to: "2024-03-01T03:00:00.000001Z" })
      .page();
    expect(rows.map(({ count }) => count)).toEqual([3n]);
  });

  test("are none in a channel without rows", async () => {
    const { channel_id } = await connect("admin", server).setup.createChannel({ schema: counter });
    const empty = connect("reader", server).reader.channel(channel_id, counter);
    expect(await empty.rows().page()).toMatchObject({ rows: [], hasMore: false, nextCursor: null });
    for await (const row of empty.rows()) expect(row).toBe("no row at all");
    expect((await empty.columns()).columns).toEqual({ time: [], count: [], "темп °C": new Float64Array(), "a/b (%)": [] });
  });
});

describe("latest", () => {
  test("is the newest row, or null when there is none", async () => {
    expect(await reader().latest()).toEqual({ time: at(24), count: 24n, "темп °C": 2.4, "a/b (%)": null });
    const { channel_id } = await connect("admin", server).setup.createChannel({ schema: counter });
    expect(await connect("reader", server).reader.channel(channel_id, counter).latest()).toBeNull();
  });
});

describe("times as dates", () => {
  const dated = defineChannel({ at: "optional[datetime]", n: "int" }, { times: "date" });
  const exact = defineChannel({ at: "optional[datetime]", n: "int" });
  const rows = [
    { time: new Date("2024-03-01T00:00:00.123Z"), at: "0001-01-01T00:00:00Z", n: 1 },
    { time: "2024-03-01T01:00:00.000001Z", at: null, n: 2 },
  ];

  test("come wherever times come, when the definition says so", async () => {
    const { writer } = connect("writer", server);
    const { channel_id, rows: echoed } = await writer.upsertChannel({ name: "dated", schema: dated, rows }, { returnRows: true });
    const channel = writer.channel(channel_id, dated);
    const read = [
      { time: new Date("2024-03-01T00:00:00.123Z"), at: new Date("0001-01-01T00:00:00Z"), n: 1 },
      { time: new Date("2024-03-01T01:00:00Z"), at: null, n: 2 },
    ];
    expect(echoed).toEqual(read);
    expect((await channel.rows({ sort: "time" }).page()).rows).toEqual(read);
    expect(await channel.latest()).toEqual(read[1]);
    const exported = [];
    for await (const row of channel.ndjson({ sort: "time", skipReceived: false })) exported.push(row);
    expect(exported).toEqual(read.map((row) => ({ ...row, received_at: expect.any(Date) })));
    const { columns } = await channel.columns({ sort: "time" });
    expect(columns).toEqual({ time: read.map(({ time }) => time), at: read.map(({ at }) => at), n: [1, 2] });

    const { rows: kept } = await writer.channel(channel_id, exact).rows({ sort: "time" }).page();
    expect(kept.map(({ time }) => time)).toEqual(["2024-03-01T00:00:00.123000Z", "2024-03-01T01:00:00.000001Z"]);
  });

  test("are one of two forms", () => {
    expect(() => defineChannel({ n: "int" }, { times: "epoch" as never })).toThrow('times has to be "exact" or "date".');
  });
});

describe("columns", () => {
  test("are the rows of one page, turned round", async () => {
    const { columns, hasMore, nextCursor, channel } = await reader().columns({ sort: "time", limit: 3 });
    expect(columns).toEqual({
      time: [at(0), at(1), at(2)],
      count: [0n, 1n, 2n],
      "темп °C": Float64Array.of(0, 0.1, 0.2),
      "a/b (%)": [null, null, null],
    });
    expect({ hasMore, channel }).toMatchObject({ hasMore: true, channel: { channel_id: id, available_rows: ROWS } });
    expect(channel).not.toHaveProperty("columns");

    const rest = await reader().columns({ sort: "time", limit: ROWS, cursor: nextCursor ?? "" });
    expect(rest.columns.count).toEqual(numbers(ROWS).slice(3).map(BigInt));
    expect(rest).toMatchObject({ hasMore: false, nextCursor: null });
  });

  test("are those that were picked, and time", async () => {
    const { columns } = await reader().columns({ columns: ["count"], from: at(23) });
    expect(columns).toEqual({ time: [at(24), at(23)], count: [24n, 23n] });
  });
});
