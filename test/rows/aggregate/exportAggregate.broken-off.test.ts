import { setTimeout as sleep } from "node:timers/promises";
import { beforeEach, expect, test } from "vitest";
import { appendRows, createChannel } from "../../support/channels.ts";
import { as } from "../../support/http.ts";
import { KEYS } from "../../support/server.ts";
import { useTestServer } from "../../support/use-test-server.ts";

/** With so many functions four pages of several megabytes: more than sockets and buffers hold while nobody reads. */
const BUCKETS = 10_000;
const FUNCTIONS = Array.from({ length: 100 }, (_, index) => `p${((index + 1) / 2).toFixed(1).replace(".0", "")}`).join(",");

const server = useTestServer();
let id: string;
beforeEach(async () => {
  id = await createChannel(server, { channel_schema: { number: "int" } });
  const start = Date.UTC(2024, 2, 1);
  const rows = Array.from({ length: BUCKETS }, (_, index) => ({
    time: new Date(start + index * 1_000).toISOString(),
    number: index,
  }));
  await appendRows(server, id, rows);
});

/** Reads the first piece, lets something happen, and reads on. @returns how many buckets there were; null when it broke off. */
async function exportWhile(happens: () => Promise<unknown>): Promise<number | null> {
  const response = await fetch(`${server.url}/api/v1/channels/${id}/rows/aggregate/export?bucket=1s&fn[number]=${FUNCTIONS}`, {
    headers: { Authorization: `Bearer ${KEYS.reader}`, "Accept-Encoding": "identity" },
  });
  expect(response.status).toBe(200);
  const reader = (response.body ?? new ReadableStream<Uint8Array>()).getReader();
  let lines = 0;
  const take = async (): Promise<boolean> => {
    const { done, value } = await reader.read();
    if (!done) lines += Buffer.from(value).toString("latin1").split("\n").length - 1;
    return !done;
  };
  await take();
  // Until the buffers are full, and the server waits.
  await sleep(500);
  await happens();
  try {
    while (await take());
    return lines;
  } catch {
    return null;
  }
}

test("an export of buckets ends whole when rows are appended meanwhile", async () => {
  const append = () => appendRows(server, id, [{ time: "2024-03-02T00:00:00Z", number: -1 }]);
  expect(await exportWhile(append)).toBe(BUCKETS);
});

test.each([
  ["its channel is deleted", () => as("admin", server).delete(`/setup/v1/channels/${id}`).expect(200)],
  ["its channel is emptied", () => as("admin", server).delete(`/setup/v1/channels/${id}/rows?all=true`).expect(200)],
  [
    "rows of its range are deleted",
    () => as("admin", server).delete(`/setup/v1/channels/${id}/rows?col[number]=9999`).expect(200),
  ],
])("an export of buckets breaks off when %s", async (_what, happens) => {
  expect(await exportWhile(happens)).toBeNull();
});
