import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createFilledChannel } from "../../support/channels.ts";
import { isNative } from "../../support/database.ts";
import { anonymous, as } from "../../support/http.ts";
import { asOwner, statement } from "../../support/owner.ts";
import { startTestServer, type TestServer } from "../../support/server.ts";

/** PostgreSQL keeps each number in 12 bytes and writes it with 302 characters: together more than a text of JavaScript may have. */
const HUGE = "to_jsonb(array_fill(1e-300::numeric, array[1800000]))";

const MEGABYTE = 1_000_000;
const LARGE = 2 * MEGABYTE;
/** As PostgreSQL writes 1e-300 in a document, and what parts it from the next. */
const CHARACTERS_OF_NUMBER = 304;
/** What the contract says of a page. */
const MOST_PAGE_BYTES = 32 * 1024 * 1024;

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer({
    bodyLimitBytes: 64 * MEGABYTE,
    bodyMemoryBytes: 256 * MEGABYTE,
    statementTimeoutSeconds: 300,
  });
});
afterAll(() => server[Symbol.asyncDispose]());

/** No request can store so much in one value: whoever has access to the database can. */
describe.runIf(isNative)("a value that is too large to be read", () => {
  test("is a problem of its reader alone, in a row and in a definition", { timeout: 300_000 }, async () => {
    const fields = { name: "huge", channel_schema: { items: "list" }, rows: [{ time: "2024-03-01T00:00:00Z", items: [] }] };
    const { body: channel } = await as("writer", server).post("/data/v1/channels").send(fields).expect(201);
    const url = `/api/v1/channels/${channel.channel_id}`;
    const problem = { code: "server_fault", detail: expect.stringContaining("too large to be read in one piece") };

    await asOwner(server.context, (connection) => connection.query(statement(`update series.s_1 set jsonb_1 = ${HUGE}`)));
    expect((await as("reader", server).get(`${url}/rows`).expect(500)).body).toMatchObject(problem);
    await as("reader", server).get(url).expect(200);

    await asOwner(server.context, (connection) =>
      connection.query(statement(`update kronicle.channel set metadata = jsonb_build_object('a', ${HUGE})`)),
    );
    expect((await as("reader", server).get(url).expect(500)).body).toMatchObject(problem);
    await anonymous(server).get("/health/live").expect(200);
  });
});

type Row = { readonly number: number; readonly note?: string | null; readonly items?: readonly number[] | null };
type Page = { readonly rows: readonly Row[]; readonly has_more: boolean; readonly next_cursor: string | null };

/** Small ones first, then large ones among others. A document takes many times the bytes in an answer that it took in its request. */
const ROWS: readonly Row[] = Array.from({ length: 300 }, (_, number) => {
  if (number < 100) return { number, note: null, items: null };
  return number % 10 === 0
    ? { number, note: String(number % 7).repeat(LARGE), items: null }
    : { number, note: "small", items: Array.from({ length: 500 }, () => 1e-300) };
});

function sizeOf(rows: readonly Row[]): number {
  return rows.reduce((sum, { note, items }) => sum + (note?.length ?? 0) + (items?.length ?? 0) * CHARACTERS_OF_NUMBER, 0);
}

async function store(rows: readonly Row[]): Promise<string> {
  const channel_schema = { number: "int", note: "optional[str]", items: "optional[list]" };
  const timed = rows.map((row) => ({ ...row, time: new Date(Date.UTC(2024, 0, 1) + row.number).toISOString() }));
  const id = await createFilledChannel(server, { name: randomUUID(), channel_schema, rows: timed });
  return `/api/v1/channels/${id}`;
}

async function walk(url: string, query: string): Promise<Page[]> {
  const pages: Page[] = [];
  for (let cursor: string | null = ""; cursor !== null && pages.length < 100; cursor = pages.at(-1)?.next_cursor ?? null) {
    const { body } = await as("reader", server)
      .get(`${url}/rows?${query}${cursor && `&cursor=${cursor}`}`)
      .expect(200);
    pages.push(body);
  }
  return pages;
}

const numbers = (rows: readonly Row[]) => rows.map(({ number }) => number);

describe("rows of large texts and documents", { timeout: 120_000 }, () => {
  const ALL = numbers(ROWS);
  let url: string;
  beforeAll(async () => {
    url = await store(ROWS);
  }, 120_000);

  test.each([
    ["sort=time", ALL, 3],
    ["sort=-time", ALL.toReversed(), 3],
    ["sort=number&limit=130", ALL, 3],
    ["sort=time&columns=number,note", ALL, 2],
    ["sort=note,number&columns=number,note", null, 2],
    ["sort=time&columns=number", ALL, 1],
  ])("are walked by cursors, each row once, in pages of bounded size: %s", async (query, order, fewest) => {
    const pages = await walk(url, query);
    const seen = numbers(pages.flatMap(({ rows }) => rows));
    expect(order ? seen : seen.toSorted((a, b) => a - b)).toEqual(order ?? ALL);
    expect(pages.map(({ has_more }) => has_more)).toEqual([...pages.slice(1).map(() => true), false]);
    for (const { rows } of pages) expect(sizeOf(rows)).toBeLessThanOrEqual(MOST_PAGE_BYTES);
    // None is shorter than it has to be.
    expect(pages).toHaveLength(fewest);
  });

  test("come as columns to the same end", async () => {
    const { body: rows } = await as("reader", server).get(`${url}/rows?sort=time`).expect(200);
    const { body: columns } = await as("reader", server).get(`${url}/columns?sort=time`).expect(200);
    expect(columns.columns.number).toEqual(numbers(rows.rows));
    expect(columns).toMatchObject({
      has_more: true,
      next_cursor: rows.next_cursor,
      op_details: { provided_rows: rows.rows.length },
    });
  });

  test.each([
    ["sort=time", ALL],
    ["sort=-time&limit=290", ALL.toReversed().slice(0, 290)],
  ])("are exported whole: %s", async (query, order) => {
    const { text: lines } = await as("reader", server).get(`${url}/rows/export?${query}`).buffer().expect(200);
    expect(
      numbers(
        lines
          .trimEnd()
          .split("\n")
          .map((line) => JSON.parse(line)),
      ),
    ).toEqual(order);
    const { text: csv } = await as("reader", server)
      .get(`${url}/rows/export?${query}&columns=number,note&format=csv`)
      .buffer()
      .expect(200);
    expect(
      csv
        .trimEnd()
        .split("\r\n")
        .slice(1)
        .map((line) => Number(line.split(",")[1])),
    ).toEqual(order);
  });

  test("are pages of their own when they are larger than a page", async () => {
    const large = { note: "n".repeat(MOST_PAGE_BYTES + 1) };
    const rows = [{ number: 0 }, { number: 1, ...large }, { number: 2 }, { number: 3 }];
    const pages = await walk(await store(rows), "sort=time");
    expect(pages.map((page) => numbers(page.rows))).toEqual([[0], [1], [2, 3]]);
  });
});
