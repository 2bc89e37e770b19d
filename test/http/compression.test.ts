import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { type IncomingMessage, request } from "node:http";
import { createRequire } from "node:module";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import { createGunzip, gunzipSync } from "node:zlib";
import { createReader, defineChannel } from "@kronicle/client";
import { beforeAll, describe, expect, test } from "vitest";
import type { createApp } from "../../server/src/app.ts";
import { contractRouter } from "../../server/src/http/pipeline/contract-router.ts";
import { createReply } from "../../server/src/http/pipeline/reply.ts";
import { requestId } from "../../server/src/http/pipeline/request-id.ts";
import { sendProblem } from "../../server/src/http/pipeline/send-problem.ts";
import { appendRows, createChannel } from "../support/channels.ts";
import { as } from "../support/http.ts";
import { KEYS } from "../support/server.ts";
import { useTestServer } from "../support/use-test-server.ts";

const server = useTestServer();
let rows: string;
beforeAll(async () => {
  const id = await createChannel(server, { name: "notes", channel_schema: { number: "int", note: "str" } });
  rows = `/api/v1/channels/${id}/rows`;
  // Of each, some slice ends within a pair.
  const note = (index: number) => `${"a".repeat(index % 7)}${"𝒳é".repeat(500)}`;
  await appendRows(
    server,
    id,
    Array.from({ length: 300 }, (_, index) => ({
      time: new Date(Date.UTC(2024, 0, 1, 0, index)).toISOString(),
      number: index,
      note: note(index),
    })),
  );
});

type Bytes = Pick<IncomingMessage, "statusCode" | "headers"> & { readonly bytes: Buffer };

/** As they were sent. */
async function get(
  path: string,
  acceptEncoding: string | null,
  { key = KEYS.admin as string, method = "GET", url = server.url } = {},
): Promise<Bytes> {
  const sent = request(url + path, {
    method,
    headers: { Authorization: `Bearer ${key}`, ...(acceptEncoding === null ? {} : { "Accept-Encoding": acceptEncoding }) },
  }).end();
  const [response]: IncomingMessage[] = await once(sent, "response");
  if (!response) throw new Error("there is no response");
  return { statusCode: response.statusCode, headers: response.headers, bytes: await buffer(response) };
}

describe("an answer is compressed", () => {
  test.each([
    ["a small page", () => `${rows}?limit=2&columns=number,note`],
    ["a large page", () => rows],
    ["columns", () => rows.replace("/rows", "/columns")],
    ["an export as NDJSON", () => `${rows}/export`],
    ["an export as CSV", () => `${rows}/export?format=csv`],
    ["the contract", () => "/openapi.json"],
    ["the contract as YAML", () => "/openapi.yaml"],
    ["a page", () => "/problems"],
    ["a script", () => "/docs/swagger-ui.js"],
  ])("%s, and holds the same", async (_what, path) => {
    const plain = await get(path(), "identity");
    const gzipped = await get(path(), "gzip");
    for (const { statusCode, headers } of [plain, gzipped]) {
      expect([statusCode, headers.vary]).toEqual([200, expect.stringContaining("Accept-Encoding")]);
    }
    expect(plain.headers).not.toHaveProperty("content-encoding");
    expect(gzipped.headers["content-encoding"]).toBe("gzip");
    expect(gzipped.headers["content-type"]).toBe(plain.headers["content-type"]);
    expect(gzipped.bytes.length).toBeLessThan(plain.bytes.length / 2);
    expect(gunzipSync(gzipped.bytes).equals(plain.bytes)).toBe(true);
    expect(gzipped.headers["content-length"] ?? String(gzipped.bytes.length)).toBe(String(gzipped.bytes.length));
  });

  test("when it is that of a scraper", async () => {
    const { headers, bytes } = await get("/metrics", "gzip");
    expect(headers["content-encoding"]).toBe("gzip");
    expect(gunzipSync(bytes).toString()).toContain("# HELP ");
  });

  test("when it is a problem with many faults", async () => {
    const names = Array.from({ length: 100 }, (_, index) => `unknown ${index}`).join(",");
    const { statusCode, headers, bytes } = await get(`${rows}?columns=${encodeURIComponent(names)}`, "gzip");
    expect([statusCode, headers["content-encoding"]]).toEqual([400, "gzip"]);
    expect(JSON.parse(gunzipSync(bytes).toString())).toMatchObject({ code: "query_invalid" });
  });

  test.each([
    ["gzip", true],
    ["GZIP", true],
    ["gzip, deflate, br, zstd", true],
    ["*", true],
    ["identity;q=0, *", true],
    ["br;q=1.0, gzip;q=0.2", true],
    ["identity;q=0.1, gzip;q=0.2", true],
    [null, false],
    ["", false],
    ["identity", false],
    ["br", false],
    ["gzip;q=0", false],
    ["gzip;q=0, *", false],
    ["*;q=0", false],
    ["identity, gzip;q=0.5", false],
    ["gzip;q=nonsense", false],
  ] as const)("as Accept-Encoding %j allows: %s", async (accept, isGzip) => {
    for (const path of [rows, `${rows}?limit=2`, `${rows}/export`, "/openapi.json"]) {
      const { statusCode, headers } = await get(path, accept);
      expect([path, statusCode, headers["content-encoding"]]).toEqual([path, 200, isGzip ? "gzip" : undefined]);
    }
  });

  test("not when it is small", async () => {
    const { headers } = await get("/health/version", "gzip");
    expect(headers).not.toHaveProperty("content-encoding");
    expect(headers).not.toHaveProperty("vary");
  });

  test("not when it may hold a secret", async () => {
    const channels = Array.from({ length: 200 }, () => crypto.randomUUID());
    const made = await as("admin", server)
      .post("/auth/v1/keys")
      .set("Accept-Encoding", "gzip")
      .send({ lane: "reader", label: "x", channels });
    expect(made.status).toBe(201);
    expect(made.text.length).toBeGreaterThan(4_096);
    expect(made.headers).not.toHaveProperty("content-encoding");
  });
});

describe("HEAD", () => {
  test.each([() => `${rows}?limit=2`, () => rows, () => `${rows}/export`, () => "/openapi.json"])(
    "has the headers of GET: %s",
    async (path) => {
      for (const accept of ["gzip", "identity"]) {
        const whole = await get(path(), accept);
        const head = await get(path(), accept, { method: "HEAD" });
        expect(head.bytes).toHaveLength(0);
        for (const name of ["content-encoding", "content-length", "content-type", "vary"]) {
          expect([name, head.headers[name]]).toEqual([name, whole.headers[name]]);
        }
      }
    },
  );
});

describe("the ETag of a compressed definition", () => {
  test("is that of the plain one, and good for If-Match", async () => {
    const metadata = { text: "x".repeat(8_000) };
    const id = await createChannel(server, { channel_schema: { a: "float" }, metadata });
    const gzipped = await get(`/setup/v1/channels/${id}`, "gzip");
    expect(gzipped.headers["content-encoding"]).toBe("gzip");
    expect(gzipped.headers.etag).toBe((await get(`/setup/v1/channels/${id}`, "identity")).headers.etag);
    const patch = as("admin", server).patch(`/setup/v1/channels/${id}`).set("If-Match", String(gzipped.headers.etag));
    await patch.send({ tags: { a: 1 } }).expect(200);
  });
});

/** The one that the server has; the suite has none of its own. */
const express: () => ReturnType<typeof createApp> = createRequire(new URL("../../server/package.json", import.meta.url))(
  "express",
);

/** The pipeline of the server, with a handler that streams these pieces. */
async function streaming(pieces: () => AsyncGenerator<string>): Promise<{ url: string } & AsyncDisposable> {
  const { config, contract, observe } = server.context;
  const reply = createReply(null, config.answerMemoryBytes);
  const app = express();
  app.use(requestId);
  app.use(contractRouter(contract));
  app.use((asked, response) => reply(asked, response, { status: 200, type: "text/plain", body: pieces() }));
  app.use(sendProblem(contract, observe, reply));
  const http = app.listen(0, "127.0.0.1");
  await once(http, "listening");
  const { port } = http.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    [Symbol.asyncDispose]: async () => {
      http.closeAllConnections();
      await new Promise((resolve) => http.close(resolve));
    },
  };
}

describe("a compressed stream", () => {
  test("brings each piece before the next is made", async () => {
    const taken = Promise.withResolvers<void>();
    await using app = await streaming(async function* () {
      yield "first";
      await taken.promise;
      yield "second";
    });
    const sent = request(`${app.url}/health/version`, { headers: { "Accept-Encoding": "gzip" } }).end();
    const [response]: IncomingMessage[] = await once(sent, "response");
    const text: string[] = [];
    for await (const piece of response?.pipe(createGunzip()) ?? []) {
      text.push(String(piece));
      taken.resolve();
    }
    expect(text).toEqual(["first", "second"]);
  });

  test("that breaks off is not taken for a whole one", async () => {
    const taken = Promise.withResolvers<void>();
    await using app = await streaming(async function* () {
      yield "first";
      await taken.promise;
      throw new Error("the source broke");
    });
    const response = await fetch(`${app.url}/health/version`, { headers: { "Accept-Encoding": "gzip" } });
    expect(response.headers.get("Content-Encoding")).toBe("gzip");
    const reader = response.body?.getReader();
    expect(Buffer.from((await reader?.read())?.value ?? []).toString()).toBe("first");
    taken.resolve();
    await expect(reader?.read()).rejects.toThrow("terminated");
  });

  test("makes no more than its reader takes", async () => {
    let made = 0;
    await using app = await streaming(async function* () {
      // What cannot be made smaller.
      for (; made < 1_000; made++) yield randomBytes(65_536).toString("hex");
    });
    const sent = request(`${app.url}/health/version`, { headers: { "Accept-Encoding": "gzip" } }).end();
    const [response]: IncomingMessage[] = await once(sent, "response");
    response?.pause();
    let before = -1;
    await expect.poll(() => before === (before = made), { interval: 100, timeout: 10_000 }).toBe(true);
    expect(made).toBeLessThan(500);
    response?.destroy();
  });
});

describe("the client", () => {
  const notes = defineChannel({ number: "int", note: "str" });

  test("takes pages and exports compressed by itself", async () => {
    const encodings: (string | null)[] = [];
    const reader = createReader({
      baseUrl: server.url,
      token: KEYS.reader,
      fetch: async (asked) => {
        const response = await fetch(asked);
        encodings.push(response.headers.get("Content-Encoding"));
        return response;
      },
    });
    const channel = reader.channel(rows.split("/")[4] ?? "", notes);
    const page = await channel.rows({ limit: 300 }).page();
    const streamed: number[] = [];
    for await (const row of channel.ndjson()) streamed.push(row.number);
    expect(streamed).toEqual(page.rows.map(({ number }) => number));
    expect(streamed).toHaveLength(300);
    // Between them is the definition, which is small.
    expect(encodings).toEqual(["gzip", null, "gzip"]);
  });
});
