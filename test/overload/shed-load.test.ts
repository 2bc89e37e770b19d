import { describe, expect, test } from "vitest";
import { anonymous, as } from "../support/http.ts";
import { useTestServer } from "../support/use-test-server.ts";

const PATIENCE = { timeout: 30_000, interval: 50 };

const server = useTestServer({ maxDelayMs: 50 });

function block(ms: number): void {
  for (const until = performance.now() + ms; performance.now() < until;);
}

/** Every turn of the event loop, which is the server's as well, takes so long. */
function slowDown(ms: number): Disposable {
  let turn: NodeJS.Immediate;
  const again = () => {
    block(ms);
    turn = setImmediate(again);
  };
  turn = setImmediate(again);
  return { [Symbol.dispose]: () => clearImmediate(turn) };
}

/** Whether the server turns this away; whatever else it answers is nothing to us. */
async function isTurnedAway(
  send: () => PromiseLike<{ status: number; headers: Record<string, string>; body: unknown }>,
  advice = "Try again.",
) {
  const { status, headers, body } = await send();
  if (status !== 503) return false;
  const detail = `The server is behind with what it has accepted. ${advice}`;
  expect(body).toMatchObject({ code: "server_busy", status: 503, detail, request_id: headers["x-request-id"] });
  expect(headers).toMatchObject({ "retry-after": "1", "content-type": "application/problem+json; charset=utf-8" });
  return true;
}

const list = () => as("reader", server).get("/api/v1/channels");

describe("a process that is behind", () => {
  test("turns requests away, whoever sends them, answers health checks, and takes all again when it has caught up", async () => {
    {
      using slow = slowDown(100);
      expect(slow).toBeDefined();
      await expect.poll(() => isTurnedAway(list), PATIENCE).toBe(true);
      // Before their credential is looked at, and before their body is read.
      await expect.poll(() => isTurnedAway(() => anonymous(server).get("/api/v1/channels")), PATIENCE).toBe(true);
      const append = () => as("writer", server).post("/data/v1/channels").send({ name: "x" });
      await expect.poll(() => isTurnedAway(append, "Nothing was stored; try again."), PATIENCE).toBe(true);
      for (let check = 0; check < 10; check++) await anonymous(server).get("/health/live").expect(200);
    }
    await expect
      .poll(async () => (await Promise.all(Array.from({ length: 10 }, () => isTurnedAway(list)))).includes(true), PATIENCE)
      .toBe(false);
    await list().expect(200);
  });

  test("is none that has only been kept from its work once", async () => {
    await list().expect(200);
    await new Promise((resolve) => setTimeout(resolve, 600));
    block(400);
    await list().expect(200);
  });
});
