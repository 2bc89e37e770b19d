import { beforeAll, describe, expect, test } from "vitest";
import { appendRows, createChannel } from "../../support/channels.ts";
import { as } from "../../support/http.ts";
import { useTestServer } from "../../support/use-test-server.ts";

const server = useTestServer();

type Range = {
  readonly bucket: string;
  readonly tz?: string;
  readonly from: string;
  readonly to: string;
  readonly origin?: string;
};

/** Begin and end of the buckets of a range, those without rows too. */
async function edges(id: string, range: Range) {
  const query = new URLSearchParams({ ...range, fill: "null", limit: "10000" });
  const { body } = await as("reader", server).get(`/api/v1/channels/${id}/columns/aggregate?${query}`).expect(200);
  return { time: body.time, end: body.end, hours: body.time.map((time: string, index: number) => hours(time, body.end[index])) };
}

function hours(from: string, to: string): number {
  return (Date.parse(to) - Date.parse(from)) / 3_600_000;
}

let id: string;
beforeAll(async () => {
  id = await createChannel(server, { channel_schema: { value: "float" } });
});

describe("buckets of a day and longer", () => {
  test.each([
    [
      "the day that clocks go forward in Berlin has 23 hours",
      { tz: "Europe/Berlin", from: "2024-03-30T23:00:00Z", to: "2024-04-01T22:00:00Z" },
      [23, 24],
    ],
    [
      "the day that they go back has 25",
      { tz: "Europe/Berlin", from: "2024-10-25T22:00:00Z", to: "2024-10-28T23:00:00Z" },
      [24, 25, 24],
    ],
    [
      "on Lord Howe Island they go by half an hour",
      { tz: "Australia/Lord_Howe", from: "2024-04-05T13:00:00Z", to: "2024-04-07T13:30:00Z" },
      [24, 24.5],
    ],
    [
      "in Kathmandu days begin at a quarter past six in the evening of UTC",
      { tz: "Asia/Kathmandu", from: "2024-03-01T18:15:00Z", to: "2024-03-02T18:15:00Z" },
      [24],
    ],
    [
      "Apia has no 30 December 2011",
      { tz: "Pacific/Apia", from: "2011-12-28T10:00:00Z", to: "2011-12-31T10:00:00Z" },
      [24, 24, 24],
    ],
    ["2024 has a 29 February", { tz: "UTC", from: "2024-02-28T00:00:00Z", to: "2024-03-01T00:00:00Z" }, [24, 24]],
  ])("%s", async (_name, range, expected) => {
    const found = await edges(id, { bucket: "1d", ...range });
    expect(found.time[0]).toBe(range.from);
    expect(found.end.at(-1)).toBe(range.to);
    expect(found.hours).toEqual(expected);
  });

  test("are weeks that begin on Monday, also across years", async () => {
    const range = { tz: "Europe/Berlin", from: "2024-12-20T00:00:00Z", to: "2025-01-10T00:00:00Z" };
    const { time } = await edges(id, { bucket: "P1W", ...range });
    expect(time).toEqual(["2024-12-15T23:00:00Z", "2024-12-22T23:00:00Z", "2024-12-29T23:00:00Z", "2025-01-05T23:00:00Z"]);
  });

  test("are months of as many days as they have, quarters, and years", async () => {
    const range = { tz: "America/New_York", from: "2024-01-01T05:00:00Z", to: "2025-01-01T05:00:00Z" };
    const months = await edges(id, { bucket: "1mo", ...range });
    expect(months.hours.map((each: number) => Math.round(each / 24))).toEqual([31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]);
    expect((await edges(id, { bucket: "P3M", ...range })).time).toEqual([
      "2024-01-01T05:00:00Z",
      "2024-04-01T04:00:00Z",
      "2024-07-01T04:00:00Z",
      "2024-10-01T04:00:00Z",
    ]);
    expect((await edges(id, { bucket: "P1Y", ...range })).hours).toEqual([366 * 24]);
  });

  test("begin where origin says, by the clock on the wall", async () => {
    const range = { bucket: "1d", tz: "Europe/Berlin", from: "2024-03-30T05:00:00Z", to: "2024-04-01T04:00:00Z" };
    const { time, hours: lengths } = await edges(id, { ...range, origin: "2024-01-01T06:00:00+01:00" });
    expect(time).toEqual(["2024-03-30T05:00:00Z", "2024-03-31T04:00:00Z"]);
    expect(lengths).toEqual([23, 24]);
  });

  test("of months from the 31st on end on the last day of shorter ones", async () => {
    const range = { bucket: "1mo", from: "2024-01-31T00:00:00Z", to: "2024-05-31T00:00:00Z", origin: "2024-01-31T00:00:00Z" };
    expect((await edges(id, range)).time).toEqual([
      "2024-01-31T00:00:00Z",
      "2024-02-29T00:00:00Z",
      "2024-03-31T00:00:00Z",
      "2024-04-30T00:00:00Z",
    ]);
  });

  test("reach from the first year to the last", async () => {
    const { time, end } = await edges(id, {
      bucket: "P1Y",
      tz: "Asia/Tokyo",
      from: "0001-01-01T00:00:00Z",
      to: "9999-12-31T23:59:59.999999Z",
    });
    expect(time[0]).toBe("0001-01-01T00:00:00Z");
    expect(end.at(-1)).toBe("9999-12-31T23:59:59.999999Z");
    expect(time.length).toBeGreaterThan(9_990);
  });
});

describe("shorter buckets", () => {
  test("are uniform, also when clocks are changed", async () => {
    const { hours: lengths } = await edges(id, {
      bucket: "1h",
      tz: "Europe/Berlin",
      from: "2024-03-30T23:00:00Z",
      to: "2024-03-31T22:00:00Z",
    });
    expect(lengths).toEqual(Array.from({ length: 23 }, () => 1));
  });

  test.each([
    [
      "500ms",
      "2024-03-01T00:00:00.25Z",
      "2024-03-01T00:00:01.6Z",
      [
        "2024-03-01T00:00:00.000000Z",
        "2024-03-01T00:00:00.500000Z",
        "2024-03-01T00:00:01.000000Z",
        "2024-03-01T00:00:01.500000Z",
      ],
    ],
    ["PT7M", "1969-12-31T23:58:00Z", "1970-01-01T00:05:00Z", ["1969-12-31T23:52:00Z", "1969-12-31T23:59:00Z"]],
  ])("lie on a grid of their own: %s", async (bucket, from, to, expected) => {
    expect((await edges(id, { bucket, from, to })).time).toEqual(expected);
  });

  test("begin where origin says", async () => {
    const range = { bucket: "12h", from: "2024-03-01T00:00:00Z", to: "2024-03-02T00:00:00Z", origin: "2024-01-01T06:00:00Z" };
    expect((await edges(id, range)).time).toEqual(["2024-02-29T18:00:00Z", "2024-03-01T06:00:00Z", "2024-03-01T18:00:00Z"]);
  });
});

describe("max_points", () => {
  test.each([
    [800, "2024-01-01T00:00:00Z", "2025-01-01T00:00:00Z", "UTC", "PT12H"],
    [366, "2024-01-01T00:00:00Z", "2025-01-01T00:00:00Z", "UTC", "P1D"],
    [365, "2023-12-31T23:00:00Z", "2024-12-31T23:00:00Z", "Europe/Berlin", "P1W"],
    [12, "2023-12-31T23:00:00Z", "2024-12-31T23:00:00Z", "Europe/Berlin", "P1M"],
    [4, "2024-01-01T00:00:00Z", "2025-01-01T00:00:00Z", "UTC", "P3M"],
    [1, "2024-01-01T00:00:00Z", "2025-01-01T00:00:00Z", "UTC", "P1Y"],
    [1, "2024-01-01T00:00:01Z", "2025-01-01T00:00:01Z", "UTC", null],
    [60, "2024-01-01T00:00:00Z", "2024-01-01T00:01:00Z", "UTC", "PT1S"],
    [59, "2024-01-01T00:00:00Z", "2024-01-01T00:01:00Z", "UTC", "PT2S"],
  ])("%i from %s to %s in %s is %s", async (max_points, from, to, tz, bucket) => {
    const query = new URLSearchParams({ from, to, tz, max_points: String(max_points), fill: "null" });
    const { body } = await as("reader", server).get(`/api/v1/channels/${id}/rows/aggregate?${query}`).expect(200);
    expect(body.bucket).toBe(bucket);
    expect(body.buckets.length).toBeLessThanOrEqual(max_points);
  });
});

describe("rows of a channel", () => {
  test("fall into the days of their time zone", async () => {
    const channel = await createChannel(server, { channel_schema: { value: "int" } });
    // One at each half hour of three days around the change of clocks.
    const start = Date.parse("2024-10-26T00:00:00Z");
    await appendRows(
      server,
      channel,
      Array.from({ length: 144 }, (_, index) => ({ time: new Date(start + index * 1_800_000).toISOString(), value: 1 })),
    );
    const query = "bucket=1d&tz=Europe/Berlin&from=2024-10-25T22:00:00Z&to=2024-10-28T23:00:00Z&fn[value]=sum";
    const { body } = await as("reader", server).get(`/api/v1/channels/${channel}/rows/aggregate?${query}`).expect(200);
    expect(body.buckets.map((each: { count: number }) => each.count)).toEqual([44, 50, 48]);
    expect(body.buckets.map((each: { values: { value: object } }) => each.values.value)).toEqual([
      { sum: 44 },
      { sum: 50 },
      { sum: 48 },
    ]);
  });

  test("of none is no bucket, and no range", async () => {
    const { body } = await as("reader", server).get(`/api/v1/channels/${id}/rows/aggregate?bucket=1h`).expect(200);
    expect(body).toMatchObject({ bucket: "PT1H", from: null, to: null, buckets: [], has_more: false, next_cursor: null });
  });
});

describe("at the first day that there is", () => {
  let channel: string;
  beforeAll(async () => {
    channel = await createChannel(server, { channel_schema: { value: "int" } });
    const days = ["0001-01-01", "0001-01-03", "0001-01-09"];
    await appendRows(
      server,
      channel,
      days.map((day) => ({ time: `${day}T00:00:00Z`, value: 1 })),
    );
  });

  test.each([
    ["P7D", "UTC", "2000-01-04T00:00:00Z", [1, 1, 1]],
    ["PT168H", "UTC", "2000-01-04T00:00:00Z", [1, 1, 1]],
    ["P7D", "UTC", "2000-01-09T00:00:00Z", [2, 1]],
    ["P3652059D", "UTC", null, [3]],
    ["P3652059D", "Asia/Kolkata", null, [3]],
    ["PT87000000H", "UTC", null, [3]],
    ["P9999Y", "UTC", null, [3]],
    ["P9999Y", "Pacific/Kiritimati", "9999-12-31T23:59:59Z", [1, 2]],
    ["P119987M", "America/New_York", "0001-01-01T00:00:00Z", [3]],
  ])("buckets of %s in %s from %s on are cut off, and have their rows", async (bucket, tz, origin, counts) => {
    const query = new URLSearchParams({ bucket, tz, ...(origin !== null && { origin }), "fn[value]": "sum,time_weighted_avg" });
    const { body } = await as("reader", server).get(`/api/v1/channels/${channel}/rows/aggregate?${query}`).expect(200);
    expect(body.buckets.map(({ count }: { count: number }) => count)).toEqual(counts);
    expect(body.buckets.map(({ values }: { values: { value: { sum: number } } }) => values.value.sum)).toEqual(counts);
    expect(body.buckets[0].time).toBe("0001-01-01T00:00:00Z");
  });
});
