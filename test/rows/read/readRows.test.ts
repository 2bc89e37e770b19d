import { beforeAll, describe, expect, test } from "vitest";
import { createChannel, appendRows } from "../../support/channels.ts";
import { as } from "../../support/http.ts";
import { useTestServer } from "../../support/use-test-server.ts";

const server = useTestServer();
let id: string;
beforeAll(async () => {
  id = await createChannel(server, {
    channel_schema: { zulu: "float", alpha: "optional[str]", "m/s (10 m) %": "optional[int]" },
  });
  // Not in order of time: what is read must not depend on the order of arrival.
  await appendRows(
    server,
    id,
    [3, 0, 4, 1, 2].map((minute) => ({ time: at(minute), zulu: minute })),
  );
});

const at = (minute: number) => `2024-03-01T00:0${minute}:00Z`;

function readRows(channelId: string, query = "") {
  return as("reader", server).get(`/api/v1/channels/${channelId}/rows${query}`);
}

async function readMinutes(query: string): Promise<number[]> {
  const { body } = await readRows(id, query).expect(200);
  return body.rows.map(({ zulu }: { zulu: number }) => zulu);
}

describe("200", () => {
  test("answers with the channel and its rows, every column in the order of the schema", async () => {
    const { body } = await readRows(id).expect(200);
    const { body: channel } = await as("reader", server).get(`/api/v1/channels/${id}`).expect(200);

    expect(body).toMatchObject(channel);
    expect(body).toMatchObject({ has_more: false, next_cursor: null, op_details: { provided_rows: 5, available_rows: 5 } });
    expect(body.rows[0]).toEqual({ time: at(4), zulu: 4, alpha: null, "m/s (10 m) %": null });
    expect(Object.keys(body.rows[0])).toEqual(["time", "zulu", "alpha", "m/s (10 m) %"]);
  });

  test("has no rows for an empty channel", async () => {
    const { body } = await readRows(await createChannel(server, { channel_schema: { a: "float" } })).expect(200);
    expect(body).toMatchObject({ rows: [], has_more: false, next_cursor: null, first_time: null });
    expect(body.op_details).toEqual({ provided_rows: 0, available_rows: 0 });
  });

  test("shows no row of another channel that shares the storage", async () => {
    const schema = { shared: "float" };
    const [first, second] = [
      await createChannel(server, { channel_schema: schema }),
      await createChannel(server, { channel_schema: schema }),
    ];
    await appendRows(server, first, [{ time: at(1), shared: 1 }]);
    await appendRows(server, second, [{ time: at(1), shared: 2 }]);
    const { body } = await readRows(first).expect(200);
    expect(body.rows).toEqual([{ time: at(1), shared: 1 }]);
  });

  test("takes the id in upper case", async () => {
    const { body } = await readRows(id.toUpperCase()).expect(200);
    expect(body.rows).toHaveLength(5);
  });
});

describe("sort", () => {
  test.each([
    ["", [4, 3, 2, 1, 0]],
    ["?sort=-time", [4, 3, 2, 1, 0]],
    ["?sort=time", [0, 1, 2, 3, 4]],
  ])("of %j gives the order %j", async (query, minutes) => {
    expect(await readMinutes(query)).toEqual(minutes);
  });

  test.each(["time", "-time"])("%s keeps rows of one time in order of arrival", async (sort) => {
    const channel = await createChannel(server, { channel_schema: { arrival: "int" } });
    const number = (arrival: number) => ({ time: at(1), arrival });
    await appendRows(server, channel, [number(1), number(2), number(3)]);
    await appendRows(server, channel, [number(4)]);
    await appendRows(server, channel, [number(5), number(6)]);
    const { body } = await readRows(channel, `?sort=${sort}`).expect(200);
    expect(body.rows.map(({ arrival }: { arrival: number }) => arrival)).toEqual([1, 2, 3, 4, 5, 6]);
  });

  test.each([
    ["before", "time", [2000, 2004, 2012, 2021], 2024],
    ["after", "-time", [2024, 2020, 2012, 2003], 2000],
  ] as const)("finds the few rows that lie years %s the many", async (_where, sort, lonely, crowded) => {
    // Judged by the density of the whole, the first look falls into the sparse end, and holds too few.
    const channel = await createChannel(server, { channel_schema: { year: "int" } });
    const many = Array.from({ length: 1_000 }, () => ({ time: `${crowded}-03-01T00:00:00Z`, year: crowded }));
    await appendRows(server, channel, [...lonely.map((year) => ({ time: `${year}-06-01T00:00:00Z`, year })), ...many]);
    const { body } = await readRows(channel, `?sort=${sort}&limit=6`).expect(200);
    expect(body.rows.map(({ year }: { year: number }) => year)).toEqual([...lonely, crowded, crowded]);
    expect(body.has_more).toBe(true);
  });
});

describe("from and to", () => {
  test.each([
    ["from is inclusive", `?from=${at(3)}`, [4, 3]],
    ["to is exclusive", `?to=${at(1)}`, [0]],
    ["both together", `?from=${at(1)}&to=${at(3)}`, [2, 1]],
    ["an empty stretch", `?from=${at(3)}&to=${at(3)}`, []],
    ["from after to", `?from=${at(3)}&to=${at(1)}`, []],
    ["before all rows", "?to=2024-01-01T00:00:00Z", []],
    ["after all rows", "?from=2030-01-01T00:00:00Z", []],
    ["the widest there is", "?from=0001-01-01T00:00:00Z&to=9999-12-31T23:59:59.999999Z", [4, 3, 2, 1, 0]],
    ["a microsecond past a row", "?from=2024-03-01T00:03:00.000001Z", [4]],
    ["an offset, encoded", "?from=2024-03-01T02:03:00%2B02:00", [4, 3]],
    ["an offset to the west", "?from=2024-02-29T22:03:00-02:00", [4, 3]],
  ])("%s", async (_what, query, minutes) => {
    expect(await readMinutes(query)).toEqual(minutes);
  });

  test("say how to write an offset whose + was not encoded", async () => {
    const { body } = await readRows(id, "?from=2024-03-01T02:03:00+02:00").expect(400);
    expect(body).toMatchObject({
      code: "query_invalid",
      errors: [{ parameter: "from", detail: expect.stringContaining("%2B") }],
    });
  });
});

describe("limit", () => {
  test.each([
    [1, [4], true],
    [4, [4, 3, 2, 1], true],
    [5, [4, 3, 2, 1, 0], false],
    [10_000, [4, 3, 2, 1, 0], false],
  ])("of %i gives so many rows, and says whether there are more", async (limit, minutes, hasMore) => {
    const { body } = await readRows(id, `?limit=${limit}`).expect(200);
    expect(body.rows.map(({ zulu }: { zulu: number }) => zulu)).toEqual(minutes);
    expect(body).toMatchObject({ has_more: hasMore, op_details: { provided_rows: minutes.length, available_rows: 5 } });
    expect(typeof body.next_cursor).toBe(hasMore ? "string" : "object");
  });

  test("is 1,000 when it is not given", async () => {
    const channel = await createChannel(server, { channel_schema: { number: "int" } });
    await appendRows(
      server,
      channel,
      Array.from({ length: 1_001 }, (_, number) => ({ time: at(0), number })),
    );
    const { body } = await readRows(channel).expect(200);
    expect(body.rows).toHaveLength(1_000);
    expect(body.has_more).toBe(true);
  });
});

describe("columns", () => {
  test.each([
    ["alpha", ["time", "alpha"]],
    ["alpha,zulu", ["time", "alpha", "zulu"]],
    ["zulu,alpha", ["time", "zulu", "alpha"]],
    ["zulu,time", ["time", "zulu"]],
    ["zulu,zulu", ["time", "zulu"]],
    ["time", ["time"]],
    [encodeURIComponent("m/s (10 m) %"), ["time", "m/s (10 m) %"]],
  ])("=%s gives %j", async (columns, keys) => {
    const { body } = await readRows(id, `?limit=1&columns=${columns}`).expect(200);
    expect(Object.keys(body.rows[0])).toEqual(keys);
    expect(body.rows[0].time).toBe(at(4));
  });

  test.each([
    "wind",
    "Zulu",
    "zulu,",
    ",zulu",
    " zulu",
    "zulu,wind",
    "_row",
    "received_at",
    "float8_1",
    "constructor",
    "__proto__",
  ])("=%s is refused", async (columns) => {
    const { body } = await readRows(id, `?columns=${encodeURIComponent(columns)}`).expect(400);
    expect(body).toMatchObject({ code: "query_invalid", errors: [{ parameter: "columns", code: "unknown_column" }] });
  });
});

describe("400", () => {
  test.each([
    "limit=0",
    "limit=10001",
    "limit=abc",
    "limit=1.5",
    "limit=",
    "limit=0x10",
    "limit=1e2",
    "limit=%201",
    "limit=1&limit=1",
    "sort=temperature",
    "sort=time&sort=time",
    "columns=",
    "columns=zulu&columns=alpha",
    "from=",
    "from=yesterday",
    "from=2024-03-01",
    "from=2024-02-30T00:00:00Z",
    "from=2024-03-01T00:00:00Z&from=2024-03-01T00:00:00Z",
    "to=2024-03-01T00:00:60Z",
    "cursor=",
  ])("refuses %s, and names the parameter", async (query) => {
    const { body } = await readRows(id, `?${query}`).expect(400);
    expect(body).toMatchObject({ errors: [{ parameter: /^\w+/.exec(query)?.[0] }] });
  });

  test.each([
    "page=1",
    "Limit=1",
    "filter[zulu]=1",
    "to[]=2024-03-01T00:00:00Z",
    "_=1",
    "__proto__=1",
    "constructor=1",
    "limit%00=1",
  ])("refuses the unknown parameter %s rather than to ignore it", async (query) => {
    const { body } = await readRows(id, `?${query}`).expect(400);
    expect(body).toMatchObject({ code: "request_invalid" });
  });

  test("lists every faulty parameter", async () => {
    const { body } = await readRows(id, "?columns=wind&from=2024-02-30T00:00:00Z&to=2024-02-31T00:00:00Z").expect(400);
    expect(body.errors.map(({ parameter }: { parameter: string }) => parameter).toSorted()).toEqual(["columns", "from", "to"]);
  });

  test("refuses an id that is no UUID", async () => {
    const { body } = await readRows("thermo-1").expect(400);
    expect(body).toMatchObject({ code: "request_invalid", errors: [{ parameter: "channel_id" }] });
  });
});

describe("404", () => {
  test("knows no such channel, whatever the query", async () => {
    const { body } = await readRows("00000000-0000-4000-8000-000000000000", "?columns=wind").expect(404);
    expect(body).toMatchObject({ code: "channel_not_found" });
  });
});
