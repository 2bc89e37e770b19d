import { gzipSync } from "node:zlib";
import { beforeAll, describe, expect, test } from "vitest";
import { anonymous, as } from "../support/http.ts";
import { appendHead, openRawConnection, type RawConnection } from "../support/network/raw-connection.ts";
import { KEYS } from "../support/server.ts";
import { useTestServer } from "../support/use-test-server.ts";

const ID = "6e8bc430-9c3a-4f5c-8d2e-2f1c9a7b4d10";
const LIMIT = 100_000;
/** A body takes three times its bytes: room for two of the largest. */
const MEMORY = 2 * 3 * LIMIT;

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

/** An upload that has begun: the server holds so many bytes of it, and waits for the last. */
async function begin(bytes: number): Promise<RawConnection> {
  const connection = await openRawConnection(server);
  await connection.send(head(`Content-Length: ${bytes}`, "Expect: 100-continue"));
  await expect.poll(connection.received, SOON).toContain("100 Continue");
  await connection.send(bodyOf(bytes).slice(0, -1));
  return connection;
}

const send = (bytes: number, key: string = KEYS.writer) =>
  as("writer", server)
    .post(`/data/v1/channels/${ID}/rows`)
    .set("Authorization", `Bearer ${key}`)
    .set("Content-Type", "application/json")
    .send(bodyOf(bytes));

describe("while as many bytes of bodies are held as may be", () => {
  test("another body is refused at once, requests without one are served, and there is room again when one has been answered", async () => {
    using first = await begin(LIMIT);
    using second = await begin(40_000);
    await expect.poll(async () => (await send(20_000)).status, SOON).toBe(503);
    const { body, headers } = await send(20_000).expect(503);
    expect(body).toMatchObject({ code: "server_busy" });
    expect(headers["retry-after"]).toBe("1");
    await send(1_000).expect(200);
    await as("reader", server).get(`/api/v1/channels/${ID}/rows`).expect(200);

    await first.send("}");
    await expect.poll(first.received, SOON).toContain('"op_status":"success"');
    await expect.poll(async () => (await send(20_000)).status, SOON).toBe(200);
    await second.send("!");
    await expect.poll(second.received, SOON).toContain("body_malformed");
    await expect.poll(async () => (await send(LIMIT)).status, SOON).toBe(200);
  });

  test("who waits to be asked for a body that would not fit is not asked", async () => {
    using first = await begin(LIMIT);
    using second = await begin(40_000);
    await expect.poll(async () => (await send(20_000)).status, SOON).toBe(503);
    using third = await openRawConnection(server);
    await third.send(head("Content-Length: 20000", "Expect: 100-continue"));
    await expect.poll(third.received, SOON).toContain("HTTP/1.1 503");
    expect([first, second].map((connection) => connection.isClosed())).toEqual([false, false]);
  });

  test("somebody who goes in the middle makes room", async () => {
    const uploads = [await begin(LIMIT), await begin(40_000)];
    await expect.poll(async () => (await send(20_000)).status, SOON).toBe(503);
    for (const upload of uploads) upload[Symbol.dispose]();
    await expect.poll(async () => (await send(LIMIT)).status, SOON).toBe(200);
  });

  test("a body whose length nobody announced is counted as it comes, after inflation", async () => {
    using first = await begin(LIMIT);
    using second = await begin(40_000);
    await expect.poll(async () => (await send(20_000)).status, SOON).toBe(503);
    const zipped = await fetch(`${server.url}/data/v1/channels/${ID}/rows`, {
      method: "POST",
      headers: { Authorization: `Bearer ${KEYS.writer}`, "Content-Type": "application/json", "Content-Encoding": "gzip" },
      body: gzipSync(bodyOf(20_000)),
    });
    expect([zipped.status, await zipped.json()]).toMatchObject([503, { code: "server_busy" }]);
    using chunked = await openRawConnection(server);
    await chunked.send(`${head("Transfer-Encoding: chunked")}4e20\r\n${bodyOf(20_000)}\r\n`);
    await expect.poll(chunked.received, SOON).toContain("server_busy");
    expect([first, second].map((connection) => connection.isClosed())).toEqual([false, false]);
  });

  test("another credential finds room for a body", async () => {
    const { body } = await as("admin", server).post("/auth/v1/keys").send({ lane: "writer" }).expect(201);
    using first = await begin(LIMIT);
    using second = await begin(40_000);
    await expect.poll(async () => (await send(20_000)).status, SOON).toBe(503);
    await send(40_000, body.key).expect(200);
    expect([first, second].map((connection) => connection.isClosed())).toEqual([false, false]);
  });
});

describe("bodies that are only announced", () => {
  test("take nothing from others, however large and however many", async () => {
    const slow = await Promise.all(
      Array.from({ length: 20 }, async () => {
        const connection = await openRawConnection(server);
        await connection.send(head(`Content-Length: ${LIMIT}`));
        await connection.send("{");
        return connection;
      }),
    );
    for (let count = 0; count < 10; count++) await send(LIMIT).expect(200);
    for (const connection of slow) connection[Symbol.dispose]();
  });

  test("are refused without a credential when they are longer than signing in needs, and those that are not push nobody out", async () => {
    const login = (length: number) =>
      `POST /auth/v1/login HTTP/1.1\r\nHost: kronicle\r\nContent-Type: application/json\r\nContent-Length: ${length}\r\n\r\n`;
    using large = await openRawConnection(server);
    await large.send(login(LIMIT));
    await expect.poll(large.received, SOON).toContain("at most 8192 bytes");
    const slow = await Promise.all(
      Array.from({ length: 100 }, async () => {
        const connection = await openRawConnection(server);
        await connection.send(`${login(8_192)}${" ".repeat(8_000)}`);
        return connection;
      }),
    );
    for (let count = 0; count < 10; count++) await send(LIMIT).expect(200);
    await anonymous(server).post("/auth/v1/login").send({ login: "nobody", password: "nothing" }).expect(401);
    for (const connection of slow) connection[Symbol.dispose]();
  });

  test("are counted as they are inflated: kilobytes of gzip hold no more than the operation takes", async () => {
    const answer = await fetch(`${server.url}/auth/v1/login`, {
      method: "POST",
      headers: { "Content-Type": "application/json", "Content-Encoding": "gzip" },
      body: gzipSync("{}".repeat(50_000)),
    });
    expect([answer.status, await answer.json()]).toMatchObject([413, { code: "body_too_large" }]);
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
