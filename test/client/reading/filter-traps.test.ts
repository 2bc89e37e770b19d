import { defineChannel, type RowFilter } from "@kronicle/client";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { KEYS, startTestServer, type TestServer } from "../../support/server.ts";
import { connect } from "../connect.ts";
import { NASTY } from "../nasty-texts.ts";

/** Callers without types may hand over anything. */
const untyped = (value: unknown) => value as never;

const definition = defineChannel({ word: "str", count: "int", big: "int64", at: "datetime", author: "dict", words: "list" });
let server: TestServer;
let id = "";
beforeAll(async () => {
  server = await startTestServer();
  const rows = NASTY.map((word, count) => ({
    time: new Date(Date.UTC(2024, 2, 1, 0, count)),
    word,
    count,
    big: 9007199254740993n + BigInt(count),
    at: `2024-03-01T02:${String(count).padStart(2, "0")}:00.000001+02:00`,
    author: Object.fromEntries([
      ["name", { first: word }],
      [word.replaceAll(".", "·"), "key"],
    ]),
    words: [word, "all"],
  }));
  const written = await connect("writer", server).writer.upsertChannel({ name: "nasty", schema: definition, rows });
  id = written.channel_id;
});
afterAll(() => server[Symbol.asyncDispose]());

async function counts(where: RowFilter<typeof definition>): Promise<number[]> {
  const { rows } = await connect("reader", server).reader.channel(id, definition).rows({ where, sort: "time" }).page();
  return rows.map(({ count }) => count);
}

describe("a filter of the client", () => {
  test.each(NASTY.map((word, count) => ({ word, count })))("finds $word, and nothing else", async ({ word, count }) => {
    expect(await counts({ word })).toEqual([count]);
    expect(await counts({ word: { in: [word] } })).toEqual([count]);
    expect(await counts({ words: { has: word } })).toEqual([count]);
    expect(await counts({ author: { path: { "name.first": word } } })).toEqual([count]);
    expect(await counts({ author: { path: Object.fromEntries([[word, { in: ["key", "none"] }]]) } })).toEqual([count]);
  });

  test("finds all of a list of values, each with its commas and quotes", async () => {
    expect(await counts({ word: { in: NASTY } })).toEqual(NASTY.map((_, count) => count));
    expect(await counts({ word: { in: ["a,b", '"a","b"', "a", "b"] } })).toEqual([8, 10]);
  });

  test("takes bounds of every kind, to the last digit", async () => {
    expect(await counts({ count: { min: 3, max: 5 } })).toEqual([3, 4, 5]);
    expect(await counts({ big: { min: 9007199254740994n, max: 9007199254740995n } })).toEqual([1, 2]);
    expect(await counts({ at: { min: "2024-03-01T02:01:00.000001+02:00", max: new Date("2024-03-01T00:02:01Z") } })).toEqual([
      1, 2,
    ]);
    expect(await counts({ at: { min: "2024-03-01T00:18:00.000002Z" } })).toEqual([19, 20]);
    expect(await counts({ time: { max: new Date("2024-03-01T00:01:00Z") }, word: { isNull: false } })).toEqual([0, 1]);
    expect(await counts({ count: 4, word: "a" })).toEqual([]);
  });

  test("gets every Date that the client is given, and a TypeError says when it cannot", async () => {
    const channel = connect("reader", server).reader.channel(id, definition);
    const { rows } = await channel.rows({ from: new Date("2024-03-01T00:19:00Z"), to: new Date("2024-03-01T00:20:00Z") }).page();
    expect(rows.map(({ count }) => count)).toEqual([19]);
    await expect(channel.rows({ from: new Date("x") }).page()).rejects.toThrow(TypeError);
    await expect(channel.rows({ from: untyped({}) }).page()).rejects.toThrow(TypeError);
  });
});

describe("a filter in a URL", () => {
  const read = (query: string, part = "rows") =>
    fetch(`${server.url}/api/v1/channels/${id}/${part}?${query}`, { headers: { Authorization: `Bearer ${KEYS.reader}` } });

  async function readCounts(query: string): Promise<unknown> {
    const response = await read(`${query}&sort=time`);
    expect(response.status).toBe(200);
    const { rows } = (await response.json()) as { rows: { count: number }[] };
    return rows.map(({ count }) => count);
  }

  test("decodes a filter once: the offset keeps its plus, and a value injects nothing", async () => {
    expect(await readCounts("max[at]=2024-03-01T02:01:00.000001%2B02:00")).toEqual([0, 1]);
    expect(await readCounts("max%5Bat%5D=2024-03-01T02%3A01%3A00.000001%2B02%3A00")).toEqual([0, 1]);
    expect(await readCounts("col[word]=a%26min%5Bcount%5D%3D2")).toEqual([4]);
    expect(await readCounts("col[word]=a%2526min%255Bcount%255D%253D2")).toEqual([5]);
  });

  test("keeps repeated lists apart, and refuses a repeated condition", async () => {
    expect(await readCounts("any[word]=%2B&any[word]=null")).toEqual([17, 19]);
    expect(await readCounts('any[word]="a,b"&any[word]=null')).toEqual([8, 19]);
    expect((await read("min[count]=1&min[count]=5")).status).toBe(400);
  });

  test.each(["__proto__", "constructor", "toString", "hasOwnProperty"])(
    "refuses the column %s in place of ignoring it",
    async (name) => {
      for (const operator of ["col", "min", "max", "any", "has", "null"]) {
        const response = await read(`${operator}[${name}]=true`);
        expect(response.status).toBe(400);
        expect(await response.json()).toMatchObject({ errors: [{ parameter: `${operator}[${name}]` }] });
      }
    },
  );

  test.each(["rows", "columns", "rows/export"])("refuses an unknown parameter beside a filter (%s)", async (part) => {
    for (const unknown of ["form=2024-03-01T00:00:00Z", "mim[count]=1", "__proto__=x", "constructor=x", "word=x"]) {
      const response = await read(`col[word]=x&${unknown}`, part);
      expect(response.status).toBe(400);
      expect(await response.json()).toMatchObject({ code: "request_invalid", errors: [{ code: "unknown_parameter" }] });
    }
  });

  test("takes a time with bare colons, and says what a bare plus means", async () => {
    expect(await readCounts("from=2024-03-01T00:19:00Z")).toEqual([19, 20]);
    expect(await readCounts("from=2024-03-01T02:19:00%2B02:00")).toEqual([19, 20]);
    const response = await read("from=2024-03-01T02:19:00+02:00");
    expect(response.status).toBe(400);
    expect(await response.text()).toContain("%2B");
  });
});
