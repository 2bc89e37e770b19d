import { describe, expect, test } from "vitest";
import { planColumns } from "../../../server/src/columns/channel-schema.ts";
import { packCursor } from "../../../server/src/formats/cursor.ts";
import { planRowQuery } from "../../../server/src/rows/read/row-query.ts";
import { appendRows, createChannel } from "../../support/channels.ts";
import { as } from "../../support/http.ts";
import { useTestServer } from "../../support/use-test-server.ts";

const server = useTestServer();

const at = (second: number) => `2024-03-01T00:00:${String(second).padStart(2, "0")}Z`;

type NumberedRow = { time: string; number: number };
type Page = { rows: NumberedRow[]; has_more: boolean; next_cursor: string | null };

/** A channel whose rows are numbered in order of arrival. */
async function createNumbered(times: string[]): Promise<string> {
  const id = await createChannel(server, { channel_schema: { number: "int" } });
  await appendRows(
    server,
    id,
    times.map((time, number) => ({ time, number })),
  );
  return id;
}

function read(id: string, parameters: Record<string, string>) {
  return as("reader", server).get(`/api/v1/channels/${id}/rows?${new URLSearchParams(parameters).toString()}`);
}

/** Reads page after page, and does something between two of them. */
async function walk(id: string, parameters: Record<string, string>, between: () => Promise<void> = async () => {}) {
  const pages: NumberedRow[][] = [];
  let cursor: string | null = null;
  do {
    const { body }: { body: Page } = await read(id, { ...parameters, ...(cursor === null ? {} : { cursor }) }).expect(200);
    expect(body.has_more).toBe(body.next_cursor !== null);
    pages.push(body.rows);
    if (pages.length > 100) throw new Error("the walk does not come to an end");
    cursor = body.next_cursor;
    if (cursor !== null) await between();
  } while (cursor !== null);
  return pages;
}

const numbersOf = (rows: NumberedRow[]) => rows.map(({ number }) => number);

describe("a walk by cursor", () => {
  // Three times with 5, 1 and 6 rows, arriving mixed.
  const times = [1, 0, 2, 0, 2, 0, 2, 0, 2, 0, 2, 2].map(at);
  const ascending = [1, 3, 5, 7, 9, 0, 2, 4, 6, 8, 10, 11];
  const descending = [2, 4, 6, 8, 10, 11, 0, 1, 3, 5, 7, 9];

  test.each(["1", "2", "3", "5", "7", "12", "100"])(
    "sees each row once, ties in order of arrival, by pages of %s",
    async (limit) => {
      const id = await createNumbered(times);
      const size = Number(limit);
      for (const [sort, order] of [
        ["time", ascending],
        ["-time", descending],
      ] as const) {
        const pages = await walk(id, { sort, limit });
        expect(numbersOf(pages.flat())).toEqual(order);
        expect(pages.map(({ length }) => length)).toEqual(
          Array.from({ length: Math.ceil(12 / size) }, (_, page) => Math.min(size, 12 - page * size)),
        );
      }
    },
  );

  test.each(["time", "-time"])("in order of %s keeps to from and to", async (sort) => {
    const id = await createNumbered([0, 1, 2, 3, 4, 5].map(at));
    const pages = await walk(id, { sort, limit: "1", from: at(1), to: at(5) });
    expect(numbersOf(pages.flat()).toSorted()).toEqual([1, 2, 3, 4]);
  });

  test.each(["time", "-time"])("in order of %s sees every row once while others are appended", async (sort) => {
    const id = await createNumbered(times);
    let added = 100;
    const pages = await walk(id, { sort, limit: "2" }, async () => {
      if (added < 130)
        await appendRows(
          server,
          id,
          [0, 1, 2, 3].map((second) => ({ time: at(second), number: added++ })),
        );
    });
    const seen = numbersOf(pages.flat());
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen.filter((number) => number < 100)).toEqual(sort === "time" ? ascending : descending);
  });

  test("tells rows a microsecond apart", async () => {
    const id = await createNumbered([
      "2024-03-01T00:00:00.000001Z",
      "2024-03-01T00:00:00.000002Z",
      "2024-03-01T00:00:00Z",
      "2024-03-01T00:00:00.000001Z",
    ]);
    expect(numbersOf((await walk(id, { sort: "time", limit: "1" })).flat())).toEqual([2, 0, 3, 1]);
    expect(numbersOf((await walk(id, { limit: "1" })).flat())).toEqual([1, 0, 3, 2]);
  });

  test.each(["time", "-time"])("in order of %s crosses years without rows", async (sort) => {
    const early = Array.from({ length: 500 }, () => "2000-03-01T00:00:00Z");
    const late = Array.from({ length: 500 }, () => "2024-03-01T00:00:00Z");
    const id = await createNumbered([...early, "2008-06-01T00:00:00Z", "2016-06-01T00:00:00Z", ...late]);
    const seen = numbersOf((await walk(id, { sort, limit: "200" })).flat());
    const range = (from: number, to: number) => Array.from({ length: to - from }, (_, index) => from + index);
    const parts = [range(0, 500), [500], [501], range(502, 1_002)];
    expect(seen).toEqual((sort === "time" ? parts : parts.toReversed()).flat());
  });

  test("may change its limit on the way", async () => {
    const id = await createNumbered([0, 1, 2, 3, 4].map(at));
    const { body } = await read(id, { sort: "time", limit: "2" }).expect(200);
    const { body: rest } = await read(id, { sort: "time", limit: "9", cursor: body.next_cursor }).expect(200);
    expect(numbersOf(rest.rows)).toEqual([2, 3, 4]);
  });

  test("may go on as columns", async () => {
    const id = await createNumbered([0, 1, 2].map(at));
    const { body } = await read(id, { limit: "1" }).expect(200);
    const { body: rest } = await as("reader", server)
      .get(`/api/v1/channels/${id}/columns?limit=9&cursor=${body.next_cursor}`)
      .expect(200);
    expect(rest.columns).toEqual({ time: [at(1), at(0)], number: [1, 0] });
  });
});

describe("400", () => {
  async function firstPage(parameters: Record<string, string> = {}): Promise<{ id: string; cursor: string }> {
    const id = await createNumbered([0, 1, 2].map(at));
    const { body } = await read(id, { ...parameters, limit: "1" }).expect(200);
    return { id, cursor: body.next_cursor };
  }

  const BAD_CURSOR = { code: "query_invalid", errors: [{ parameter: "cursor", code: "bad_cursor" }] };

  test.each([
    ["the other order", { sort: "time" }],
    ["from", { from: at(0) }],
    ["to", { to: at(9) }],
    ["columns", { columns: "time" }],
  ])("refuses the cursor of a query without %s", async (_what, parameters) => {
    const { id, cursor } = await firstPage();
    const { body } = await read(id, { ...parameters, cursor }).expect(400);
    expect(body).toMatchObject(BAD_CURSOR);
  });

  test("refuses the cursor of another channel, and of the list of channels", async () => {
    const [first, second] = [await firstPage(), await firstPage()];
    const { body } = await read(first.id, { cursor: second.cursor }).expect(400);
    expect(body).toMatchObject(BAD_CURSOR);

    const { headers } = await as("reader", server).get("/api/v1/channels?limit=1").expect(200);
    const cursor = /cursor=([\w-]+)/.exec(headers["link"] ?? "")?.[1];
    const { body: other } = await read(first.id, { cursor: String(cursor) }).expect(400);
    expect(other).toMatchObject(BAD_CURSOR);
  });

  const pack = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");

  test.each(["x", "\0", "null", "💥", "a".repeat(1_024), pack(null), pack([]), pack({}), pack(["x", {}]), pack("[".repeat(300))])(
    "refuses the garbage %s",
    async (cursor) => {
      const { id } = await firstPage();
      const { body } = await read(id, { cursor }).expect(400);
      expect(body).toMatchObject(BAD_CURSOR);
    },
  );

  /** What somebody makes who knows how cursors are made, and leads wherever they like. */
  async function forge(position: unknown, parameters: Record<string, string> = {}): Promise<{ id: string; cursor: string }> {
    const { id, cursor } = await firstPage(parameters);
    const { columns, ...query } = planRowQuery(planColumns({ number: "int" }).columns, parameters, [], { now: 0 }).query;
    const identity = [id, query, columns.map(({ name }) => name)];
    const [, real] = JSON.parse(Buffer.from(cursor, "base64url").toString("utf8"));
    expect(packCursor(real, identity)).toBe(cursor);
    return { id, cursor: packCursor(position, identity) };
  }

  test.each([
    ["no position", null],
    ["no keys", { row: "1" }],
    ["no row", { keys: [at(1)] }],
    ["a row that is a number", { keys: [at(1)], row: 1 }],
    ["a row beyond bigint", { keys: [at(1)], row: "9".repeat(19) }],
    ["a row with SQL", { keys: [at(1)], row: "1 or true" }],
    ["too few keys", { keys: [], row: "1" }],
    ["too many keys", { keys: [at(1), at(1)], row: "1" }],
    ["a null time", { keys: [null], row: "1" }],
    ["a naive time", { keys: ["2024-03-01T00:00:01"], row: "1" }],
    ["a time with SQL", { keys: ["'; select 1"], row: "1" }],
    ["infinity", { keys: ["infinity"], row: "1" }],
    ["a place at no time", { time: "noon", row: "1" }],
    ["a place at infinity", { time: "infinity", row: "1" }],
    ["a place where no row is", { time: at(1), row: "999999" }],
    ["a time before the year 0001", { keys: ["0001-01-01T00:00:00+01:00"], row: "1" }],
  ])("refuses a forged cursor with %s", async (_what, position) => {
    const { id, cursor } = await forge(position);
    const { body } = await read(id, { cursor }).expect(400);
    expect(body).toMatchObject(BAD_CURSOR);
  });

  test.each([
    ["an offset that PostgreSQL does not take", "2024-03-01T23:00:01+23:00"],
    ["a longer fraction than PostgreSQL takes", `2024-03-01T00:00:01.${"0".repeat(200)}Z`],
    ["the last time there is", "9999-12-31T23:59:59.999999Z"],
    ["the first time there is", "0001-01-01T00:00:00Z"],
  ])("answers 200 or 400 to a forged cursor with %s", async (_what, time) => {
    const { id, cursor } = await forge({ keys: [time], row: "1" });
    const { status } = await read(id, { cursor });
    expect(status).toBeOneOf([200, 400]);
  });

  test.each(["1e0", "1.0", "1.5", "9223372036854775808", " 1", "0x1", "", null])(
    "answers 200 or 400 to a forged cursor with the integer %j",
    async (number) => {
      const { id, cursor } = await forge({ keys: [number], row: "1" }, { sort: "number" });
      const { status } = await read(id, { sort: "number", cursor });
      expect(status).toBeOneOf([200, 400]);
    },
  );

  test("refuses its own cursor with a single character changed", async () => {
    const { id, cursor } = await firstPage();
    for (const index of [0, 8, 20, cursor.length - 1]) {
      const changed = cursor.slice(0, index) + (cursor[index] === "A" ? "B" : "A") + cursor.slice(index + 1);
      const { body } = await read(id, { cursor: changed }).expect(400);
      expect(body).toMatchObject(BAD_CURSOR);
    }
  });
});
