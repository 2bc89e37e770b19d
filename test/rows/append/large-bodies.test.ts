/** Small bodies that hold much: what they hold is counted before it is made, and worked on in steps. */
import { gzipSync } from "node:zlib";
import { beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { createTestDatabase, isNative } from "../../support/database.ts";
import { anonymous, as } from "../../support/http.ts";
import { environmentFor, startServerProcess } from "../../support/process.ts";
import { KEYS } from "../../support/server.ts";
import { useTestServer } from "../../support/use-test-server.ts";

const NARROW = "6e8bc430-9c3a-4f5c-8d2e-2f1c9a7b4d10";
const WIDE = "6e8bc430-9c3a-4f5c-8d2e-2f1c9a7b4d11";

const server = useTestServer({ maxRows: 20_000, maxCells: 60_000, bodyMemoryBytes: 13_000_000 });
beforeAll(async () => {
  const wide = Object.fromEntries(Array.from({ length: 256 }, (_, column) => [`c${column}`, "optional[float]"]));
  for (const [channel_id, channel_schema] of [
    [NARROW, { value: "optional[float]", document: "optional[dict]" }],
    [WIDE, wide],
  ] as const) {
    await as("admin", server).post("/setup/v1/channels").send({ channel_id, channel_schema }).expect(201);
  }
});

const answer = z.looseObject({ code: z.string().optional(), detail: z.string().optional() });

async function post(url: string, id: string, type: string, text: string) {
  const response = await fetch(`${url}/data/v1/channels/${id}/rows`, {
    method: "POST",
    headers: { Authorization: `Bearer ${KEYS.writer}`, "Content-Type": type, "Content-Encoding": "gzip" },
    body: gzipSync(text),
  });
  return { status: response.status, body: answer.parse(await response.json()) };
}

const JSON_TYPE = "application/json";

describe("a request with more rows or values than may be", () => {
  test.each([
    ["JSON", JSON_TYPE, `{"rows":[${"{},".repeat(20_000)}{}]}`, "20000 rows"],
    ["NDJSON", "application/x-ndjson", "{}\n".repeat(20_001), "20000 rows"],
    ["CSV", "text/csv", `time,value\n${",1\n".repeat(20_001)}`, "20000 rows"],
    ["a CSV line without end", "text/csv", `time,value\n1${",".repeat(100_000)}`, "60000 values"],
    ["documents", JSON_TYPE, `{"rows":[{"document":{"a":[${"0,".repeat(70_000)}0]}}]}`, "60000 values"],
    ["documents in NDJSON", "application/x-ndjson", `{"document":{"a":[${"0,".repeat(70_000)}0]}}\n`, "60000 values"],
    [
      "small documents",
      JSON_TYPE,
      `{"rows":[{"document":{"a":[${"0,".repeat(59_000)}0]}},{"document":{"a":[${"0,".repeat(2_000)}0]}}]}`,
      "60000 values",
    ],
  ])("is refused, and told how many may be: %s", async (_what, type, text, number) => {
    const { status, body } = await post(server.url, NARROW, type, text);
    expect([status, body.code]).toEqual([413, "body_too_large"]);
    expect(body.detail).toContain(`at most ${number}`);
  });

  test.each([
    ["JSON", JSON_TYPE, `{"rows":[${"{},".repeat(299)}{}]}`],
    ["NDJSON", "application/x-ndjson", "{}\n".repeat(300)],
    ["CSV", "text/csv", `time,c0\n${",1\n".repeat(300)}`],
  ])("counts the columns that its rows say nothing of: %s", async (_what, type, text) => {
    const { status, body } = await post(server.url, WIDE, type, text);
    expect([status, body.code]).toEqual([413, "body_too_large"]);
    expect(body.detail).toContain("at most 60000 values");
  });

  test("is refused when no waiting would make room for what it holds", async () => {
    const text = `{"rows":[{"document":{"a":["${"x".repeat(2_000_000)}",${"{},".repeat(29_000)}0]}}]}`;
    const { status, body } = await post(server.url, NARROW, JSON_TYPE, text);
    expect([status, body.code]).toEqual([413, "body_too_large"]);
    expect(body.detail).toContain("at most 13000000");
  });

  test("is refused by an upsert, too", async () => {
    const rows = Array.from({ length: 20_001 }, () => ({}));
    const { body } = await as("writer", server).post("/data/v1/channels").send({ channel_id: NARROW, rows }).expect(413);
    expect(body.detail).toContain("at most 20000 rows");
  });
});

test.each([
  ["JSON", JSON_TYPE, (value: number) => JSON.stringify({ rows: Array.from({ length: 10_000 }, () => ({ value })) })],
  ["NDJSON", "application/x-ndjson", (value: number) => `{"time":"2024-03-01T00:00:00Z","value":${value}}\n`.repeat(10_000)],
  ["CSV", "text/csv", (value: number) => `time,value\r\n${`2024-03-01T00:00:00Z,${value}\r\n`.repeat(10_000)}`],
])("rows of a body that is read in steps are all stored, and others are answered meanwhile: %s", async (_what, type, write) => {
  const before = await as("reader", server).get(`/api/v1/channels/${NARROW}`).expect(200);
  const seen = { isAnswered: false };
  const append = post(server.url, NARROW, type, write(1.234_567_890_123)).then((answer) => {
    seen.isAnswered = true;
    return answer;
  });
  let between = 0;
  while (!seen.isAnswered) {
    await anonymous(server).get("/health/live").expect(200);
    between++;
  }
  expect(await append).toMatchObject({ status: 200, body: { op_details: { inserted_rows: 10_000 } } });
  expect(between).toBeGreaterThan(1);
  const after = await as("reader", server).get(`/api/v1/channels/${NARROW}`).expect(200);
  expect(after.body.available_rows - before.body.available_rows).toBe(10_000);
});

// The embedded database lives in the process, and does not fit beside it.
test.runIf(isNative)(
  "a process with little memory outlives kilobytes that hold millions",
  async () => {
    await using database = await createTestDatabase();
    const environment = { ...environmentFor(database.settings), NODE_OPTIONS: "--max-old-space-size=256" };
    await using small = await startServerProcess(environment);
    const channel = { channel_id: NARROW, channel_schema: { value: "optional[float]", document: "optional[dict]" } };
    await as("admin", small).post("/setup/v1/channels").send(channel).expect(201);
    const millions = 8_000_000;
    for (const [type, text] of [
      ["text/csv", `time,value\n${",1\n".repeat(millions)}`],
      ["text/csv", `time,value\n${",".repeat(2 * millions)}`],
      ["application/x-ndjson", "{}\n".repeat(millions)],
      [JSON_TYPE, `{"rows":[${"{},".repeat(millions)}{}]}`],
      [JSON_TYPE, `{"rows":[{"document":{"a":[${"[],".repeat(millions)}0]}}]}`],
      [JSON_TYPE, "{}".repeat(millions)],
    ] as const) {
      expect((await post(small.url, NARROW, type, text)).body.code).toMatch(/^body_(too_large|malformed)$/);
      await as("writer", small)
        .post(`/data/v1/channels/${NARROW}/rows`)
        .send({ rows: [{ value: 1 }] })
        .expect(200);
    }
  },
  120_000,
);
