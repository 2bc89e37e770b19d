import { setTimeout as sleep } from "node:timers/promises";
import { beforeEach, describe, expect, test } from "vitest";
import { as } from "../../support/http.ts";
import { KEYS } from "../../support/server.ts";
import { useTestServer } from "../../support/use-test-server.ts";

/** Several pieces of the largest size: more than sockets and buffers hold while nobody reads. */
const ROWS = 30_000;
const NOTE = "n".repeat(1_000);
const ROWS_A_BODY = 5_000;

const server = useTestServer({ bodyLimitBytes: 32 * 1024 * 1024, bodyMemoryBytes: 128 * 1024 * 1024 });
let id: string;
beforeEach(async () => {
  const fields = { channel_schema: { number: "int", note: "str" }, tags: { room: "lab" } };
  const { body } = await as("admin", server).post("/setup/v1/channels").send(fields).expect(201);
  id = body.channel_id;
  for (let first = 0; first < ROWS; first += ROWS_A_BODY) {
    const rows = Array.from({ length: ROWS_A_BODY }, (_, index) => ({
      time: new Date(Date.UTC(2024, 2, 1) + (first + index) * 1_000).toISOString(),
      number: first + index,
      note: NOTE,
    }));
    await as("writer", server).post(`/data/v1/channels/${id}/rows`).send({ rows }).expect(200);
  }
});

type Outcome = { readonly isWhole: boolean; readonly lines: number };

/** Reads the first piece, lets something happen, and reads on. */
async function exportWhile(happens: () => Promise<unknown>, key: string = KEYS.reader, query = "sort=time"): Promise<Outcome> {
  const response = await fetch(`${server.url}/api/v1/channels/${id}/rows/export?${query}`, {
    // Compressed, all of it would fit into the buffers.
    headers: { Authorization: `Bearer ${key}`, "Accept-Encoding": "identity" },
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
    return { isWhole: true, lines };
  } catch {
    return { isWhole: false, lines };
  }
}

const append = () =>
  as("writer", server)
    .post(`/data/v1/channels/${id}/rows`)
    .send({ rows: [{ time: "2024-03-01T12:00:00Z", number: -1, note: "late" }] })
    .expect(200);

describe("an export", () => {
  test("ends whole, without what is appended meanwhile", async () => {
    expect(await exportWhile(append)).toEqual({ isWhole: true, lines: ROWS });
  });

  test.each([
    ["its channel is deleted", () => as("admin", server).delete(`/setup/v1/channels/${id}`).expect(200)],
    [
      "its channel is emptied and filled again",
      async () => {
        await as("admin", server).delete(`/setup/v1/channels/${id}/rows?all=true`).expect(200);
        await append();
      },
    ],
    [
      "rows of its range are deleted, and others appended",
      async () => {
        await as("admin", server).delete(`/setup/v1/channels/${id}/rows?col[number]=19000`).expect(200);
        await append();
        await append();
      },
    ],
  ])("breaks off when %s", async (_what, happens) => {
    const { isWhole, lines } = await exportWhile(happens);
    expect(isWhole).toBe(false);
    expect(lines).toBeLessThan(ROWS);
  });

  test("breaks off as CSV, too", async () => {
    const happens = () => as("admin", server).delete(`/setup/v1/channels/${id}/rows?all=true`).expect(200);
    expect(await exportWhile(happens, KEYS.reader, "format=csv")).toMatchObject({ isWhole: false });
  });

  test("breaks off when its channel leaves the tags of its key", async () => {
    const { body } = await as("admin", server)
      .post("/auth/v1/keys")
      .send({ lane: "reader", tags: ["room:lab"] })
      .expect(201);
    const happens = () =>
      as("admin", server)
        .patch(`/setup/v1/channels/${id}`)
        .send({ tags: { room: "roof" } })
        .expect(200);
    expect(await exportWhile(happens, body.key)).toMatchObject({ isWhole: false });
  });

  test("breaks off within five seconds when its key is revoked, though nobody reads", async () => {
    const { body } = await as("admin", server).post("/auth/v1/keys").send({ lane: "reader" }).expect(201);
    const happens = async () => {
      await as("admin", server).delete(`/auth/v1/keys/${body.key_id}`).expect(200);
      await sleep(5_500);
    };
    expect(await exportWhile(happens, body.key)).toMatchObject({ isWhole: false });
  });
});
