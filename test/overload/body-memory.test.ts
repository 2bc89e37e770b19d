import { gzipSync } from "node:zlib";
import { beforeAll, describe, expect, test } from "vitest";
import { as } from "../support/http.ts";
import { appendHead, openRawConnection, type RawConnection } from "../support/network/raw-connection.ts";
import { KEYS } from "../support/server.ts";
import { useTestServer } from "../support/use-test-server.ts";

const ID = "6e8bc430-9c3a-4f5c-8d2e-2f1c9a7b4d10";
const LIMIT = 100_000;
/** Room for two of the largest bodies. */
const MEMORY = 2 * LIMIT;

const SOON = { timeout: 10_000 };

const server = useTestServer({ bodyLimitBytes: LIMIT, bodyMemoryBytes: MEMORY });
beforeAll(async () => {
  const fields = { channel_id: ID, channel_schema: { note: "str" } };
  await as("admin", server).post("/setup/v1/channels").send(fields).expect(201);
});

const head = (...headers: string[]) => appendHead(ID, ...headers);

/** A body of exactly so many bytes. */
function bodyOf(bytes: number): string {
  const around = JSON.stringify({ rows: [{ note: "" }] });
  return JSON.stringify({ rows: [{ note: "x".repeat(bytes - around.length) }] });
}

/** An upload that the server has agreed to take. */
async function announce(bytes: number): Promise<RawConnection> {
  const connection = await openRawConnection(server);
  await connection.send(head(`Content-Length: ${bytes}`, "Expect: 100-continue"));
  await expect.poll(connection.received, SOON).toContain("100 Continue");
  return connection;
}

const send = (bytes: number) =>
  as("writer", server).post(`/data/v1/channels/${ID}/rows`).set("Content-Type", "application/json").send(bodyOf(bytes));

describe("while as many bytes of bodies are held as may be", () => {
  test("another body is refused at once, requests without one are served, and there is room again when one has been answered", async () => {
    using first = await announce(LIMIT);
    using second = await announce(LIMIT - 1_000);
    const { body, headers } = await send(2_000).expect(503);
    expect(body).toMatchObject({ code: "server_busy" });
    expect(headers["retry-after"]).toBe("1");
    await send(1_000).expect(200);
    await as("reader", server).get(`/api/v1/channels/${ID}/rows`).expect(200);

    await first.send(bodyOf(LIMIT));
    await expect.poll(first.received, SOON).toContain('"op_status":"success"');
    await send(2_000).expect(200);
    await second.send("not the body that was announced".padEnd(LIMIT - 1_000));
    await expect.poll(second.received, SOON).toContain("body_malformed");
    await Promise.all([send(LIMIT).expect(200), send(LIMIT).expect(200)]);
  });

  test("who waits to be asked for the body is not asked", async () => {
    using first = await announce(LIMIT);
    using second = await announce(LIMIT);
    using third = await openRawConnection(server);
    await third.send(head("Content-Length: 2000", "Expect: 100-continue"));
    await expect.poll(third.received, SOON).toContain("HTTP/1.1 503");
    expect([first, second].map((connection) => connection.isClosed())).toEqual([false, false]);
  });

  test("somebody who goes in the middle makes room", async () => {
    const uploads = [await announce(LIMIT), await announce(LIMIT)];
    await send(2_000).expect(503);
    for (const upload of uploads) upload[Symbol.dispose]();
    await expect.poll(async () => (await send(LIMIT)).status, SOON).toBe(200);
  });

  test("a body whose length nobody announced is counted as it comes, after inflation", async () => {
    using first = await announce(LIMIT);
    using second = await announce(LIMIT - 5_000);
    const zipped = await fetch(`${server.url}/data/v1/channels/${ID}/rows`, {
      method: "POST",
      headers: { Authorization: `Bearer ${KEYS.writer}`, "Content-Type": "application/json", "Content-Encoding": "gzip" },
      body: gzipSync(bodyOf(6_000)),
    });
    expect([zipped.status, await zipped.json()]).toMatchObject([503, { code: "server_busy" }]);
    using chunked = await openRawConnection(server);
    await chunked.send(`${head("Transfer-Encoding: chunked")}1770\r\n${bodyOf(6_000)}\r\n`);
    await expect.poll(chunked.received, SOON).toContain("server_busy");
    expect([first, second].map((connection) => connection.isClosed())).toEqual([false, false]);
  });
});

test("fifty of the largest bodies at once are stored or refused, and those that were stored are there", async () => {
  const { body: before } = await as("reader", server).get(`/api/v1/channels/${ID}`).expect(200);
  const statuses = await Promise.all(Array.from({ length: 50 }, async () => (await send(LIMIT)).status));
  expect(statuses.filter((status) => status !== 200 && status !== 503)).toEqual([]);
  const stored = statuses.filter((status) => status === 200).length;
  expect(stored).toBeGreaterThan(0);
  const { body: after } = await as("reader", server).get(`/api/v1/channels/${ID}`).expect(200);
  expect(after.available_rows - before.available_rows).toBe(stored);
});
