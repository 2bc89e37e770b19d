/** Idempotency keys that are none, and keys that somebody used before. */
import { randomUUID } from "node:crypto";
import { describe, expect, test } from "vitest";
import { appendBody, countRows, createChannel } from "../../support/channels.ts";
import { KEYS } from "../../support/server.ts";
import { useTestServer } from "../../support/use-test-server.ts";

const server = useTestServer();

const ROWS = '{"rows":[{"time":"2024-03-01T00:00:00Z","number":1}]}';

describe("Idempotency-Key", () => {
  test.each([
    ["of 10 kB", "k".repeat(10_000)],
    ["of 256 characters", "k".repeat(256)],
    ["that is empty", '""'],
    ["with half a quote", '"abc'],
    ["with a quote inside", '"a"b"'],
    ["with a letter beyond ASCII", "k\u{e9}"],
    ["with a tab", '"a\tb"'],
    ["that is two", '"a", "b"'],
  ])("refuses an Idempotency-Key %s", async (_what, key) => {
    const id = await createChannel(server, { channel_schema: { number: "int" } });
    expect(await appendBody(server, id, ROWS, { "Idempotency-Key": key })).toMatchObject({
      status: 400,
      body: { code: "request_invalid" },
    });
    expect(await countRows(server, id)).toBe(0);
  });

  test("refuses the same key with another body, or for another channel, and stores nothing of it", async () => {
    const [id, other] = [
      await createChannel(server, { channel_schema: { number: "int" } }),
      await createChannel(server, { channel_schema: { number: "int" } }),
    ];
    const headers = { "Idempotency-Key": `"${randomUUID()}"` };
    expect(await appendBody(server, id, ROWS, headers)).toMatchObject({ status: 200, replayed: null });
    expect(await appendBody(server, id, ROWS, headers)).toMatchObject({ status: 200, replayed: "true" });
    expect(await appendBody(server, id, ROWS.replace("1}", "2}"), headers)).toMatchObject({
      status: 422,
      body: { code: "idempotency_key_reused" },
    });
    expect(await appendBody(server, other, ROWS, headers)).toMatchObject({
      status: 422,
      body: { code: "idempotency_key_reused" },
    });
    expect(await countRows(server, id)).toBe(1);
    expect(await countRows(server, other)).toBe(0);
  });

  test("keeps the keys of one caller apart from those of another", async () => {
    const id = await createChannel(server, { channel_schema: { number: "int" } });
    const key = `"${randomUUID()}"`;
    expect(await appendBody(server, id, ROWS, { "Idempotency-Key": key })).toMatchObject({ status: 200, replayed: null });
    const asAdmin = { "Idempotency-Key": key, Authorization: `Bearer ${KEYS.admin}` };
    expect(await appendBody(server, id, ROWS, asAdmin)).toMatchObject({ status: 200, replayed: null });
    expect(await countRows(server, id)).toBe(2);
  });
});
