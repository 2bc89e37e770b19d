import { beforeAll, describe, expect, test } from "vitest";
import { appendRows, createChannel } from "../../support/channels.ts";
import { as } from "../../support/http.ts";
import { useTestServer } from "../../support/use-test-server.ts";

const server = useTestServer();
const HOUR = 3_600_000;

type Found = { readonly time: string; readonly partial?: string; readonly coverage?: number; readonly count: number };

async function buckets(id: string, query: Readonly<Record<string, string>>): Promise<Found[]> {
  const { body } = await as("reader", server)
    .get(`/api/v1/channels/${id}/rows/aggregate?${new URLSearchParams(query)}`)
    .expect(200);
  return body.buckets;
}

describe("a bucket that is no whole one", () => {
  let id: string;
  /** The hour that the clock stands in, two hours before it, and one behind. */
  let hour: number;
  beforeAll(async () => {
    id = await createChannel(server, { channel_schema: { value: "float" } });
    hour = Math.floor(Date.now() / HOUR) * HOUR;
    const times = [-2, -1, 0, 1].map((each) => new Date(hour + each * HOUR).toISOString());
    await appendRows(
      server,
      id,
      times.map((time, value) => ({ time, value })),
    );
  });

  test("says that it is not over yet, and how much of it has passed", async () => {
    const found = await buckets(id, {
      bucket: "1h",
      from: new Date(hour - 2 * HOUR).toISOString(),
      to: new Date(hour + 2 * HOUR).toISOString(),
    });
    expect(found.map(({ partial }) => partial)).toEqual([undefined, undefined, "open", "open"]);
    expect(found[2]?.coverage).toBeCloseTo((Date.now() - hour) / HOUR, 1);
    expect(found[3]?.coverage).toBe(0);
  });

  test("says which end the range cuts off", async () => {
    const range = { from: new Date(hour - 1.75 * HOUR).toISOString(), to: new Date(hour - 0.5 * HOUR).toISOString() };
    expect(await buckets(id, { bucket: "1h", ...range, fill: "null" })).toMatchObject([
      { count: 0, partial: "start", coverage: 0.75 },
      { count: 1, partial: "end", coverage: 0.5 },
    ]);
  });

  test("is left out on request", async () => {
    const range = { from: new Date(hour - 1.75 * HOUR).toISOString(), to: new Date(hour + 2 * HOUR).toISOString() };
    const found = await buckets(id, { bucket: "1h", ...range, partial: "drop" });
    expect(found.map(({ time }) => Date.parse(time))).toEqual([hour - HOUR]);
  });

  test("that has not begun is not filled", async () => {
    const range = { from: new Date(hour).toISOString(), to: new Date(hour + 4 * HOUR).toISOString() };
    const found = await buckets(id, { bucket: "1h", ...range, fill: "previous", "fn[value]": "last" });
    expect(found).toMatchObject([
      { count: 1, values: { value: { last: 2 } } },
      { count: 1, values: { value: { last: 3 } } },
      { count: 0, values: { value: { last: null } }, filled: "null" },
      { count: 0, values: { value: { last: null } }, filled: "null" },
    ]);
  });

  test("holds its last value to now, and no longer", async () => {
    const found = await buckets(id, {
      bucket: "1d",
      "fn[value]": "time_weighted_avg",
      from: new Date(hour).toISOString(),
      to: new Date(hour + HOUR).toISOString(),
    });
    expect(found).toMatchObject([{ values: { value: { time_weighted_avg: 2 } } }]);
  });
});

describe("a range that was left to the rows", () => {
  test("cuts nothing off, and lets the last value hold to the end of its bucket", async () => {
    const id = await createChannel(server, { channel_schema: { value: "float" } });
    await appendRows(server, id, [
      { time: "2024-03-01T00:15:00Z", value: 1 },
      { time: "2024-03-01T00:30:00Z", value: 3 },
    ]);
    for (const partial of ["mark", "drop"]) {
      expect(await buckets(id, { bucket: "1h", partial, "fn[value]": "time_weighted_avg" })).toEqual([
        {
          time: "2024-03-01T00:00:00Z",
          end: "2024-03-01T01:00:00Z",
          count: 2,
          values: { value: { time_weighted_avg: (1 * 15 + 3 * 30) / 45 } },
        },
      ]);
    }
  });
});

describe("pages", () => {
  test.each(["none", "previous", "linear"])("of buckets, filled with %s, are those of one answer", async (fill) => {
    const id = await createChannel(server, { channel_schema: { value: "float" } });
    const at = (minute: number) => new Date(Date.UTC(2024, 2, 1, 0, minute)).toISOString();
    await appendRows(
      server,
      id,
      [3, 5, 6, 20, 21, 40].map((minute) => ({ time: at(minute), value: minute })),
    );
    const query = { bucket: "1m", from: at(4), to: at(50), fill, "fn[value]": "last,increase,time_weighted_avg" };
    const whole = await buckets(id, query);
    const walked: Found[] = [];
    for (let cursor: string | null = ""; cursor !== null;) {
      const page: URLSearchParams = new URLSearchParams({ ...query, limit: "3", ...(cursor && { cursor }) });
      const answer = await as("reader", server).get(`/api/v1/channels/${id}/rows/aggregate?${page}`).expect(200);
      walked.push(...answer.body.buckets);
      cursor = answer.body.next_cursor;
    }
    expect(walked).toEqual(whole);
    expect(walked.length).toBe(fill === "none" ? 5 : 46);
  });

  test("stay in the range of the first when rows come meanwhile", async () => {
    const id = await createChannel(server, { channel_schema: { value: "float" } });
    const at = (minute: number) => new Date(Date.UTC(2024, 2, 1, 0, minute)).toISOString();
    await appendRows(
      server,
      id,
      [0, 1, 2].map((minute) => ({ time: at(minute), value: minute })),
    );
    const first = await as("reader", server).get(`/api/v1/channels/${id}/rows/aggregate?max_points=10&limit=1`).expect(200);
    await appendRows(server, id, [{ time: at(600), value: 1 }]);
    const second = await as("reader", server)
      .get(`/api/v1/channels/${id}/rows/aggregate?max_points=10&limit=5&cursor=${first.body.next_cursor}`)
      .expect(200);
    expect(second.body).toMatchObject({ bucket: first.body.bucket, from: first.body.from, to: first.body.to, has_more: false });
    expect(second.body.buckets).toHaveLength(2);
  });
});
