import { once } from "node:events";
import { createServer } from "node:http";
import { describe, expect, test } from "vitest";
import { limitPipelining } from "../../server/src/http/connection/limit-pipelining.ts";
import { listen } from "../../server/src/http/connection/listen.ts";
import { openRawConnection } from "../support/network/raw-connection.ts";
import { readMetrics, valueOf } from "../support/network/scrape.ts";
import { useTestServer } from "../support/use-test-server.ts";

const SOON = { timeout: 10_000 };
/** One that is worked on, and those that may wait for it. */
const MAX_ANSWERED = 65;

const server = useTestServer();

const get = (path: string) => `GET ${path} HTTP/1.1\r\nHost: kronicle\r\n\r\n`;

const statusesOf = (text: string) => [...text.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map(([, status]) => Number(status));

const inFlight = async () => valueOf(await readMetrics(server), "kronicle_http_requests_in_flight");

describe("requests that are sent ahead on one connection", () => {
  test("are answered in their order", async () => {
    using connection = await openRawConnection(server);
    const paths = ["/health/live", "/nowhere", "/health/version", "/openapi.yaml", "/api/v1/channels", "/health/live"];
    await connection.send(paths.map(get).join(""));
    await expect.poll(() => statusesOf(connection.received()), SOON).toEqual([200, 404, 200, 200, 401, 200]);
    await connection.send(get("/health/version"));
    await expect.poll(() => statusesOf(connection.received()).length, SOON).toBe(7);
    expect(connection.isClosed()).toBe(false);
  });

  test("are worked on one at a time, so that a caller who reads nothing makes one answer wait in memory", async () => {
    const seen: number[] = [];
    using connection = await openRawConnection(server, { isPaused: true });
    await connection.send(get("/openapi.json").repeat(1_590));
    for (let look = 0; look < 20; look++) {
      seen.push(await inFlight());
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    expect(Math.max(...seen)).toBe(1);
  });

  test("are answered up to a number, and the connection is closed after them", async () => {
    using connection = await openRawConnection(server);
    await connection.send(get("/health/live").repeat(500));
    expect(statusesOf(await connection.untilClosed())).toEqual(Array<number>(MAX_ANSWERED).fill(200));
    await expect.poll(inFlight, SOON).toBe(0);
  });

  test("take little memory, however many there are and however long the first of them takes", async () => {
    const http = createServer(
      { requireHostHeader: false },
      limitPipelining(() => {}),
    );
    const url = await listen(http, { host: "127.0.0.1", port: 0, isShared: false });
    using honest = await openRawConnection({ url });
    await honest.send("GET / HTTP/1.1\r\n\r\n".repeat(3));
    {
      using greedy = await openRawConnection({ url });
      // 180 KB. Without an end Node keeps all of them, some kilobytes each.
      await greedy.send("GET / HTTP/1.1\r\n\r\n".repeat(10_000));
      expect(await greedy.untilClosed()).toBe("");
    }
    expect(honest.isClosed()).toBe(false);
    http.closeAllConnections();
    http.close();
    await once(http, "close");
  });

  test("wait no longer when their caller has gone", async () => {
    {
      using connection = await openRawConnection(server);
      await connection.send(get("/api/v1/channels").repeat(60));
    }
    await expect.poll(inFlight, SOON).toBe(0);
  });
});
