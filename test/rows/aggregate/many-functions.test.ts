import { beforeAll, expect, test } from "vitest";
import { appendRows, createChannel } from "../../support/channels.ts";
import { as } from "../../support/http.ts";
import { useTestServer } from "../../support/use-test-server.ts";

const COLUMNS = 65;
/** As many chunks as one append may begin. */
const DAYS = 1_900;
const STEP_DAYS = 19;

const server = useTestServer();
let id: string;
beforeAll(async () => {
  const names = Array.from({ length: COLUMNS }, (_, index) => `c${index}`);
  id = await createChannel(server, { channel_schema: Object.fromEntries(names.map((name) => [name, "int"])) });
  const rows = Array.from({ length: DAYS / STEP_DAYS }, (_, row) => ({
    time: new Date(Date.UTC(2014, 0, 1 + row * STEP_DAYS)).toISOString(),
    ...Object.fromEntries(names.map((name, column) => [name, row * (column + 1)])),
  }));
  await appendRows(server, id, rows);
});

function ask(count: number, more: string) {
  const functions = Array.from({ length: count }, (_, index) => `fn[c${index}]=increase`);
  return as("reader", server).get(`/api/v1/channels/${id}/rows/aggregate?limit=10000&${more}&${functions.join("&")}`);
}

test.each(["UTC", "Europe/Berlin"])("64 functions of sequences are worked out over thousands of days in %s", async (tz) => {
  const started = performance.now();
  const { body } = await ask(64, `bucket=1d&tz=${tz}&from=1993-01-01T00:00:00Z&to=2020-01-01T00:00:00Z`).expect(200);
  expect(body.buckets).toHaveLength(DAYS / STEP_DAYS);
  const [, second] = body.buckets;
  expect(Object.values(second.values)).toEqual(Array.from({ length: 64 }, (_, index) => ({ increase: index + 1 })));
  // It took ten times as long, and 800 MB, when each function planned all chunks and brought the edges of all days with it.
  expect(performance.now() - started).toBeLessThan(8_000);
});

test("more are refused, for the memory that their plan would take", async () => {
  const { body } = await ask(65, "bucket=1y").expect(400);
  expect(body.errors).toMatchObject([{ parameter: "fn", code: "too_many" }]);
  expect(body.detail).toContain("at most 64 times increase and time_weighted_avg");
});
