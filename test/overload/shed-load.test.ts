import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { anonymous, as } from "../support/http.ts";
import { startTestServer, type TestServer } from "../support/server.ts";

const PATIENCE = { timeout: 30_000, interval: 50 };

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer({ maxDelayMs: 50 });
});
afterAll(() => server[Symbol.asyncDispose]());

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

const list = () => as("reader", server).get("/api/v1/channels");
const statusOfList = async () => (await list()).status;

describe("a process that is behind", () => {
  test("turns requests away, whoever sends them, answers health checks, and takes all again when it has caught up", async () => {
    {
      using slow = slowDown(100);
      expect(slow).toBeDefined();
      await expect.poll(statusOfList, PATIENCE).toBe(503);
      const { body, headers } = await list().expect(503);
      expect(body).toMatchObject({ code: "server_busy" });
      expect(headers["retry-after"]).toBe("1");
      await anonymous(server).get("/api/v1/channels").expect(503);
      await anonymous(server).get("/health/live").expect(200);
      await anonymous(server).get("/health/ready").expect(200);
      await anonymous(server).get("/nowhere").expect(404);
    }
    await expect.poll(statusOfList, PATIENCE).toBe(200);
  });

  test("is none that has only been kept from its work once", async () => {
    await list().expect(200);
    await new Promise((resolve) => setTimeout(resolve, 600));
    block(400);
    await list().expect(200);
  });
});
