import { beforeAll, describe, expect, test } from "vitest";
import { appendRows, createChannel } from "../../support/channels.ts";
import { as } from "../../support/http.ts";
import { KEYS } from "../../support/server.ts";
import { useTestServer } from "../../support/use-test-server.ts";

const server = useTestServer();

function aggregate(id: string, query: string, form = "rows") {
  return as("reader", server).get(`/api/v1/channels/${id}/${form}/aggregate${query}`);
}

describe("a channel of thermometers and states", () => {
  let id: string;
  beforeAll(async () => {
    id = await createChannel(server, {
      name: "lab",
      channel_schema: {
        temperature: "optional[float]",
        total: "optional[int64]",
        pulses: "optional[int]",
        state: "optional[str]",
        open: "optional[bool]",
        seen: "optional[datetime]",
        device: "optional[uuid]",
        document: "optional[dict]",
      },
    });
    await appendRows(server, id, [
      { time: "2024-03-01T00:10:00Z", temperature: 20, total: "9007199254740993", pulses: 10, state: "b", open: true },
      { time: "2024-03-01T00:20:00Z", temperature: 22, total: "9007199254740995", pulses: 14, state: "a", open: false },
      { time: "2024-03-01T00:20:00Z", temperature: 24, pulses: 3, state: "b", seen: "2024-01-01T00:00:00.5Z" },
      { time: "2024-03-01T02:30:00Z", temperature: 30, pulses: 5, document: { a: [1, "x"] } },
    ]);
  });

  test("answers mean, lowest and highest of every number, when nobody says what of which", async () => {
    const { body } = await aggregate(id, "?bucket=1h").expect(200);
    expect(body).toEqual({
      channel_id: id,
      name: "lab",
      bucket: "PT1H",
      tz: "UTC",
      from: "2024-03-01T00:10:00Z",
      to: "2024-03-01T02:30:00.000001Z",
      buckets: [
        {
          time: "2024-03-01T00:00:00Z",
          end: "2024-03-01T01:00:00Z",
          count: 3,
          values: {
            temperature: { avg: 22, min: 20, max: 24 },
            total: { avg: 9007199254740994, min: "9007199254740993", max: "9007199254740995" },
            pulses: { avg: 9, min: 3, max: 14 },
          },
        },
        {
          time: "2024-03-01T02:00:00Z",
          end: "2024-03-01T03:00:00Z",
          count: 1,
          values: {
            temperature: { avg: 30, min: 30, max: 30 },
            total: { avg: null, min: null, max: null },
            pulses: { avg: 5, min: 5, max: 5 },
          },
        },
      ],
      has_more: false,
      next_cursor: null,
    });
  });

  test("answers every function of every type", async () => {
    const numbers = "count,sum,avg,min,max,first,last,stddev,range,delta,increase,time_weighted_avg,median,p95,p0.5";
    const query = [
      `fn[temperature]=${numbers}`,
      `fn[total]=${numbers}`,
      `fn[pulses]=${numbers}`,
      "fn[state]=count,distinct,first,last,mode",
      "fn[open]=count,first,last,share",
      "fn[seen]=count,min,max,first,last",
      "fn[device]=count,distinct,first,last,mode",
      "fn[document]=count,first,last",
      "from=2024-03-01T00:00:00Z&to=2024-03-01T03:00:00Z",
    ].join("&");
    const { body } = await aggregate(id, `?${query}`).expect(200);
    expect(body.bucket).toBeNull();
    expect(body.buckets).toHaveLength(1);
    expect(body.buckets[0].values).toEqual({
      temperature: {
        count: 4,
        sum: 96,
        avg: 24,
        min: 20,
        max: 30,
        first: 20,
        last: 30,
        stddev: expect.closeTo(Math.sqrt((16 + 4 + 0 + 36) / 3)),
        range: 10,
        delta: 10,
        increase: 10,
        time_weighted_avg: expect.closeTo((20 * 10 + 24 * 130 + 30 * 30) / 170),
        median: 23,
        p95: expect.closeTo(29.1),
        "p0.5": expect.closeTo(20.03),
      },
      total: {
        count: 2,
        sum: "18014398509481988",
        avg: 9007199254740994,
        min: "9007199254740993",
        max: "9007199254740995",
        first: "9007199254740993",
        last: "9007199254740995",
        stddev: expect.closeTo(Math.SQRT2, 0),
        range: "2",
        delta: "2",
        increase: "2",
        time_weighted_avg: expect.any(Number),
        median: 9007199254740994,
        p95: expect.any(Number),
        "p0.5": expect.any(Number),
      },
      pulses: {
        count: 4,
        sum: 32,
        avg: 8,
        min: 3,
        max: 14,
        first: 10,
        last: 5,
        stddev: expect.any(Number),
        range: 11,
        delta: -5,
        increase: 4 + 3 + 2,
        time_weighted_avg: expect.any(Number),
        median: 7.5,
        p95: expect.any(Number),
        "p0.5": expect.any(Number),
      },
      state: { count: 3, distinct: 2, first: "b", last: "b", mode: "b" },
      open: { count: 2, first: true, last: false, share: 0.5 },
      seen: {
        count: 1,
        min: "2024-01-01T00:00:00.500000Z",
        max: "2024-01-01T00:00:00.500000Z",
        first: "2024-01-01T00:00:00.500000Z",
        last: "2024-01-01T00:00:00.500000Z",
      },
      device: { count: 0, distinct: 0, first: null, last: null, mode: null },
      document: { count: 1, first: { a: [1, "x"] }, last: { a: [1, "x"] } },
    });
  });

  test("turns the same buckets round", async () => {
    const query = "?bucket=1h&fn[temperature]=avg,max&from=2024-03-01T00:00:00Z&to=2024-03-01T03:00:00Z&fill=previous";
    const { body } = await aggregate(id, query, "columns").expect(200);
    expect(body).toMatchObject({
      time: ["2024-03-01T00:00:00Z", "2024-03-01T01:00:00Z", "2024-03-01T02:00:00Z"],
      end: ["2024-03-01T01:00:00Z", "2024-03-01T02:00:00Z", "2024-03-01T03:00:00Z"],
      count: [3, 0, 1],
      values: { temperature: { avg: [22, 22, 30], max: [24, 24, 30] } },
      partial: {},
      coverage: {},
      filled: { 1: "previous" },
    });
  });

  test.each([
    ["fill=null", { temperature: { avg: null, count: 0 }, total: { sum: null } }],
    ["fill=previous", { temperature: { avg: 22, count: 0 }, total: { sum: "18014398509481988" } }],
    ["fill=linear", { temperature: { avg: 26, count: 0 }, total: { sum: null } }],
    ["fill=-1", { temperature: { avg: -1, count: 0 }, total: { sum: "-1" } }],
    ["fill=previous&fill_limit=59m", { temperature: { avg: null, count: 0 }, total: { sum: null } }],
    ["fill=previous&fill_limit=PT1H", { temperature: { avg: 22, count: 0 }, total: { sum: "18014398509481988" } }],
  ])("fills an hour without rows: %s", async (fill, values) => {
    const range = "from=2024-03-01T00:00:00Z&to=2024-03-01T03:00:00Z";
    const { body } = await aggregate(id, `?bucket=1h&fn[temperature]=avg,count&fn[total]=sum&${range}&${fill}`).expect(200);
    expect(body.buckets[1]).toEqual({
      time: "2024-03-01T01:00:00Z",
      end: "2024-03-01T02:00:00Z",
      count: 0,
      values,
      filled: values.temperature.avg === null ? "null" : fill.split(/[=&]/)[1],
    });
  });

  test("fills from before the range", async () => {
    const range = "from=2024-03-01T01:00:00Z&to=2024-03-01T02:00:00Z";
    const { body } = await aggregate(id, `?bucket=1h&fn[temperature]=avg,increase&${range}&fill=previous`).expect(200);
    expect(body.buckets).toMatchObject([{ count: 0, values: { temperature: { avg: 22, increase: 4 } }, filled: "previous" }]);
  });

  test("goes on from the value before the range", async () => {
    const range = "from=2024-03-01T02:00:00Z&to=2024-03-01T03:00:00Z";
    const { body } = await aggregate(id, `?fn[temperature]=increase,time_weighted_avg&${range}`).expect(200);
    expect(body.buckets[0].values.temperature).toEqual({ increase: 6, time_weighted_avg: 27 });
  });

  test.each([
    [
      "ndjson",
      [
        '{"time":"2024-03-01T00:00:00Z","end":"2024-03-01T01:00:00Z","count":3,"values":{"temperature":{"avg":22},"state":{"mode":"b"}}}',
        '{"time":"2024-03-01T02:00:00Z","end":"2024-03-01T03:00:00Z","count":1,"values":{"temperature":{"avg":30},"state":{"mode":null}}}',
        "",
      ].join("\n"),
    ],
    [
      "csv",
      [
        "time,end,count,partial,coverage,filled,temperature.avg,state.mode",
        '2024-03-01T00:00:00.000000Z,2024-03-01T01:00:00.000000Z,3,,,,22,"b"',
        "2024-03-01T02:00:00.000000Z,2024-03-01T03:00:00.000000Z,1,,,,30,",
        "",
      ].join("\r\n"),
    ],
  ])("is exported as %s", async (format, expected) => {
    const range = "from=2024-03-01T00:00:00Z&to=2024-03-01T03:00:00Z";
    const query = `?bucket=1h&fn[temperature]=avg&fn[state]=mode&${range}&format=${format}`;
    const answer = await fetch(`${server.url}/api/v1/channels/${id}/rows/aggregate/export${query}`, {
      headers: { Authorization: `Bearer ${KEYS.reader}` },
    });
    expect(answer.headers.get("Content-Disposition")).toContain(`lab-aggregate.${format}`);
    expect(await answer.text()).toBe(expected);
  });
});
