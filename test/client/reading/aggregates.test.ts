import { type Bucket, defineChannel, SchemaDriftError } from "@kronicle/client";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startTestServer, type TestServer } from "../../support/server.ts";
import { connect, recordFetch } from "../connect.ts";

const meter = defineChannel({ power: "float", energy: "int64", state: "str", at: "optional[datetime]" });
const ENERGY = 9007199254740993n;

/** Four hours of 2024-03-01 from midnight on, of which the third has no rows. */
const ROWS = [
  { time: "2024-03-01T00:10:00.000001Z", power: 10, energy: ENERGY, state: "on", at: "2024-01-01T00:00:00.000001Z" },
  { time: "2024-03-01T00:40:00Z", power: 20, energy: ENERGY + 2n, state: "off" },
  { time: "2024-03-01T01:30:00Z", power: 40, energy: ENERGY + 6n, state: "on" },
  { time: "2024-03-01T03:15:00Z", power: 50, energy: ENERGY + 8n, state: "on" },
];
const DAY = { from: "2024-03-01T00:00:00Z", to: "2024-03-01T04:00:00Z" };
const hour = (index: number) => `2024-03-01T0${index}:00:00Z`;

let server: TestServer;
let id: string;
beforeAll(async () => {
  server = await startTestServer();
  ({ channel_id: id } = await connect("writer", server).writer.upsertChannel({ name: "meter", schema: meter, rows: ROWS }));
});
afterAll(() => server[Symbol.asyncDispose]());

const channel = (send?: typeof fetch) => connect("reader", server, send).reader.channel(id, meter);

async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const collected: T[] = [];
  for await (const item of items) collected.push(item);
  return collected;
}

describe("an aggregate", () => {
  const functions = { power: ["avg", "p50"], energy: ["max", "avg", "increase", "count"], state: ["mode", "distinct"] } as const;

  test("has one object for each bucket with rows, each value of the type of its function", async () => {
    const { buckets, ...span } = await channel()
      .aggregate({ ...DAY, bucket: "1h", fn: functions })
      .page();
    expect(span).toEqual({ channel_id: id, name: "meter", bucket: "PT1H", tz: "UTC", ...DAY, hasMore: false, nextCursor: null });
    expect(buckets[0]).toEqual({
      time: hour(0),
      end: hour(1),
      count: 2,
      values: {
        power: { avg: 15, p50: 15 },
        energy: { max: ENERGY + 2n, avg: expect.any(Number), increase: 2n, count: 2 },
        state: { mode: "off", distinct: 2 },
      },
    });
    expect(buckets.map(({ time, count, values }) => [time, count, values.energy.increase])).toEqual([
      [hour(0), 2, 2n],
      [hour(1), 1, 4n],
      [hour(3), 1, 2n],
    ]);
  });

  test("is the mean, the lowest and the highest of every number, over all of the range, when nobody says more", async () => {
    const { buckets, bucket, from, to } = await channel().aggregate().page();
    expect({ bucket, from, to }).toEqual({
      bucket: null,
      from: "2024-03-01T00:10:00.000001Z",
      to: "2024-03-01T03:15:00.000001Z",
    });
    expect(buckets.map(({ count, values }) => ({ count, values }))).toEqual([
      {
        count: 4,
        values: {
          power: { avg: 30, min: 10, max: 50 },
          energy: { avg: expect.any(Number), min: ENERGY, max: ENERGY + 8n },
        },
      },
    ]);
  });

  test("goes on from page to page, each when the one before is used up", async () => {
    const { send, urls } = recordFetch();
    const hours = channel(send).aggregate({ bucket: "1h", fn: functions, limit: 1 });
    expect(urls).toEqual([]);
    const all = await collect(hours);
    expect(all).toEqual((await channel().aggregate({ bucket: "1h", fn: functions }).page()).buckets);
    const first = await hours.page();
    expect(first).toMatchObject({ hasMore: true, buckets: [{ time: hour(0) }] });
    const next = channel().aggregate({ bucket: "1h", fn: functions, limit: 1, cursor: first.nextCursor ?? undefined });
    expect((await next.page()).buckets).toEqual([all[1]]);
    expect(await collect(next)).toEqual(all.slice(1));
  });

  test("gets the channel once, to compare it with the definition, however often it is asked", async () => {
    const { send, urls } = recordFetch();
    const handle = channel(send);
    await handle.aggregate({ fn: { power: ["avg"] } }).page();
    await handle.aggregate({ fn: { power: ["max"] } }).columns();
    await handle.aggregate({ fn: { power: ["max"], state: ["last"] } }).page();
    expect(urls.map(({ pathname }) => pathname.replace(`/api/v1/channels/${id}`, ""))).toEqual([
      "",
      "/rows/aggregate",
      "/columns/aggregate",
      "",
      "/rows/aggregate",
    ]);
  });

  test("takes filters, a zone, an origin, and a number of points in place of a length", async () => {
    const on = channel().aggregate({ ...DAY, bucket: "1h", where: { state: "on" }, fn: { power: ["sum"] } });
    expect((await on.page()).buckets.map(({ values }) => values.power.sum)).toEqual([10, 40, 50]);

    const days = await channel()
      .aggregate({ bucket: "1d", tz: "Asia/Kathmandu", origin: new Date("2024-03-01T00:15:00Z") })
      .page();
    expect(days).toMatchObject({ bucket: "P1D", tz: "Asia/Kathmandu" });
    expect(days.buckets.map(({ time }) => time)).toEqual(["2024-02-29T00:15:00Z", "2024-03-01T00:15:00Z"]);

    const points = await channel()
      .aggregate({ from: new Date(DAY.from), to: new Date(DAY.to), maxPoints: 4 })
      .page();
    expect(points).toMatchObject({ bucket: "PT1H", from: DAY.from });
  });

  test("says where a bucket is no whole one, or leaves it out", async () => {
    const cut = { from: "2024-03-01T00:30:00Z", to: DAY.to, bucket: "1h", fn: { power: ["avg"] } } as const;
    expect((await channel().aggregate(cut).page()).buckets[0]).toMatchObject({ count: 1, partial: "start", coverage: 0.5 });
    const whole = await channel()
      .aggregate({ ...cut, partial: "drop" })
      .page();
    expect(whole.buckets.map(({ time }) => time)).toEqual([hour(1), hour(3)]);
    expect(whole.buckets[0]).not.toHaveProperty("partial");
  });

  test.each([
    ["null", undefined, { power: { avg: null }, energy: { max: null, count: 0 } }],
    ["previous", undefined, { power: { avg: 40 }, energy: { max: ENERGY + 6n, count: 0 } }],
    ["previous", "30m", { power: { avg: null }, energy: { max: null, count: 0 } }],
    ["linear", "PT1H", { power: { avg: 45 }, energy: { max: ENERGY + 7n, count: 0 } }],
    [7, undefined, { power: { avg: 7 }, energy: { max: 7n, count: 0 } }],
  ] as const)("fills a gap by %j, no longer than %s", async (fill, fillLimit, values) => {
    const hours = channel().aggregate({
      ...DAY,
      bucket: "1h",
      fn: { power: ["avg"], energy: ["max", "count"] },
      fill,
      fillLimit,
    });
    const filled = fillLimit === "30m" ? "null" : String(fill);
    expect((await collect(hours))[2]).toEqual({ time: hour(2), end: hour(3), count: 0, values, filled });
  });

  test("of a channel without rows has none", async () => {
    const { channel_id } = await connect("admin", server).setup.createChannel({ schema: meter });
    const empty = connect("reader", server).reader.channel(channel_id, meter).aggregate({ bucket: "1h" });
    expect(await empty.page()).toMatchObject({ buckets: [], from: null, to: null });
    expect(await empty.columns()).toMatchObject({ time: [], from: null });
  });
});

describe("the other forms of an aggregate", () => {
  const query = {
    ...DAY,
    from: "2024-03-01T00:30:00Z",
    bucket: "1h",
    fill: "null",
    fn: { power: ["avg"], energy: ["max", "count"] },
  } as const;
  let buckets: Bucket<typeof meter, (typeof query)["fn"]>[];
  beforeAll(async () => {
    ({ buckets } = await channel().aggregate(query).page());
  });

  test("as columns, the same values stand in arrays, and what is special under their places", async () => {
    expect(await channel().aggregate(query).columns()).toEqual({
      channel_id: id,
      name: "meter",
      bucket: "PT1H",
      tz: "UTC",
      from: query.from,
      to: query.to,
      hasMore: false,
      nextCursor: null,
      time: buckets.map(({ time }) => time),
      end: buckets.map(({ end }) => end),
      count: [1, 1, 0, 1],
      values: {
        power: { avg: [20, 40, null, 50] },
        energy: { max: [ENERGY + 2n, ENERGY + 6n, null, ENERGY + 8n], count: [1, 1, 0, 1] },
      },
      partial: { 0: "start" },
      coverage: { 0: 0.5 },
      filled: { 2: "null" },
    });
  });

  test("as NDJSON, all buckets come in one stream, whatever the size of a page", async () => {
    const { send, urls } = recordFetch();
    const streamed = await collect(
      channel(send)
        .aggregate({ ...query, limit: 1 })
        .ndjson(),
    );
    expect(streamed).toEqual(buckets);
    expect(urls.map(({ pathname }) => pathname.split("/").at(-1))).toEqual([id, "export"]);
  });

  test("as CSV, they are the lines of a file", async () => {
    const text = await new Response(
      await channel()
        .aggregate({ ...query, limit: 1 })
        .csv(),
    ).text();
    expect(text.split("\r\n")).toEqual([
      "time,end,count,partial,coverage,filled,power.avg,energy.max,energy.count",
      `2024-03-01T00:00:00.000000Z,2024-03-01T01:00:00.000000Z,1,start,0.5,,20,${ENERGY + 2n},1`,
      `2024-03-01T01:00:00.000000Z,2024-03-01T02:00:00.000000Z,1,,,,40,${ENERGY + 6n},1`,
      "2024-03-01T02:00:00.000000Z,2024-03-01T03:00:00.000000Z,0,,,null,,,0",
      `2024-03-01T03:00:00.000000Z,2024-03-01T04:00:00.000000Z,1,,,,50,${ENERGY + 8n},1`,
      "",
    ]);
  });

  test("with dates in place of exact times, all of them are dates", async () => {
    const dated = connect("reader", server).reader.channel(id, defineChannel({ at: "optional[datetime]" }, { times: "date" }));
    const asked = dated.aggregate({ ...DAY, bucket: "1h", limit: 1, fn: { at: ["first", "count"] } });
    const first = {
      time: new Date(hour(0)),
      end: new Date(hour(1)),
      count: 2,
      values: { at: { first: new Date("2024-01-01T00:00:00Z"), count: 1 } },
    };
    expect(await asked.page()).toMatchObject({ from: new Date(DAY.from), to: new Date(DAY.to), buckets: [first] });
    expect((await collect(asked.ndjson()))[0]).toEqual(first);
    expect(await asked.columns()).toMatchObject({
      time: [first.time],
      end: [first.end],
      from: new Date(DAY.from),
      values: { at: { first: [first.values.at.first], count: [1] } },
    });
  });
});

describe("an aggregate that cannot be answered", () => {
  test.each([
    ["no column", {}, "fn: "],
    ["no function", { power: [] }, 'fn["power"]: '],
    ["functions that are undefined", { power: undefined }, 'fn["power"]: '],
    ["two functions in one text", { power: ["avg,max"] }, 'fn["power"]: '],
    ["a function that is no text", { power: [1] }, 'fn["power"]: '],
    ["a name that would be another parameter", { "power]": ["avg"] }, '"power]"'],
    ["a list of names", ["power"], "fn: "],
  ])("is a TypeError when fn holds %s, before anything is sent", async (_what, fn, place) => {
    const { send, urls } = recordFetch();
    const asked = channel(send).aggregate({ fn: fn as never });
    for (const use of [() => asked.page(), () => asked.columns(), () => asked.csv(), () => collect(asked.ndjson())]) {
      await expect(use()).rejects.toThrow(TypeError);
      await expect(use()).rejects.toThrow(place);
    }
    expect(urls).toEqual([]);
  });

  test("is a SchemaDriftError when a column that is asked of is of another type, and none for the others", async () => {
    const drifted = connect("reader", server).reader.channel(id, defineChannel({ power: "str", energy: "int64" }));
    const modes = drifted.aggregate({ fn: { power: ["mode"], energy: ["max"] } });
    for (const use of [
      () => modes.page(),
      () => modes.columns(),
      () => collect(modes.ndjson()),
      () => drifted.aggregate().page(),
    ]) {
      await expect(use()).rejects.toThrow(SchemaDriftError);
    }
    const { buckets } = await drifted.aggregate({ fn: { energy: ["max"] } }).page();
    expect(buckets.map(({ values }) => values)).toEqual([{ energy: { max: ENERGY + 8n } }]);
  });

  test("is an ApiError of the service", async () => {
    const tooMany = channel().aggregate({ from: "2023-01-01T00:00:00Z", to: "2024-01-01T00:00:00Z", bucket: "1s" });
    await expect(tooMany.page()).rejects.toMatchObject({ code: "too_many_buckets" });
    await expect(tooMany.csv()).rejects.toMatchObject({ code: "too_many_buckets" });
    const unknown = channel().aggregate({ fn: { power: ["p100"] } });
    await expect(unknown.columns()).rejects.toMatchObject({ code: "query_invalid", errors: [{ parameter: "fn[power]" }] });
  });
});
