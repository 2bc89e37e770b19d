/** Bodies that are deep, inflated, endless or torn. */
import { brotliCompressSync, deflateSync, gzipSync, zstdCompressSync } from "node:zlib";
import { beforeAll, describe, expect, test } from "vitest";
import { appendBody, createChannel } from "../support/channels.ts";
import { as } from "../support/http.ts";
import { appendHead, openRawConnection, type RawConnection } from "../support/network/raw-connection.ts";
import { useTestServer } from "../support/use-test-server.ts";

const BODY_LIMIT = 4 * 1024 * 1024;
const MEGABYTE = 1024 * 1024;

const server = useTestServer({ bodyLimitBytes: BODY_LIMIT });
let id: string;
beforeAll(async () => {
  const channel_schema = { value: "float", document: "optional[dict]" };
  id = await createChannel(server, { channel_schema });
});

const GOOD = '{"rows":[{"time":"2024-03-01T00:00:00Z","value":1}]}';

const post = (body: string | Uint8Array<ArrayBuffer>, headers: Record<string, string> = {}) =>
  appendBody(server, id, body, headers);

describe("deep nesting", () => {
  test.each([
    ["a megabyte of [", "[".repeat(MEGABYTE)],
    ["four megabytes of [", "[".repeat(BODY_LIMIT)],
    ["a megabyte of objects", '{"a":'.repeat(MEGABYTE / 5)],
    ["a document of 10,000 levels in a row", `{"rows":[{"value":1,"document":${'{"a":'.repeat(10_000)}1${"}".repeat(10_000)}}]}`],
    ["brackets that close what is not open", `${"]".repeat(MEGABYTE)}${"[".repeat(MEGABYTE)}`],
    ["17 levels", `{"rows":[{"value":1,"document":${'{"a":'.repeat(14)}1${"}".repeat(14)}}]}`],
  ])("is refused: %s", async (_what, text) => {
    const { status, body } = await post(text);
    expect(status).toBe(400);
    expect(body).toMatchObject({
      code: "body_malformed",
      errors: [{ code: expect.stringMatching(/^(too_deep|syntax_error)$/) }],
    });
  });

  test("is refused in NDJSON, in CSV, in metadata and in the path of a filter", async () => {
    const deep = `${'{"a":'.repeat(20)}1${"}".repeat(20)}`;
    const ndjson = await post(`{"value":1,"document":${deep}}\n`, { "Content-Type": "application/x-ndjson" });
    expect(ndjson).toMatchObject({ status: 400, body: { errors: [{ code: "too_deep", pointer: "/rows/0" }] } });
    const csv = await post(`time,value,document\r\n2024-03-01T00:00:00Z,1,"${deep.replaceAll('"', '""')}"\r\n`, {
      "Content-Type": "text/csv",
    });
    expect(csv).toMatchObject({ status: 400, body: { code: "row_invalid", errors: [{ pointer: "/rows/0/document" }] } });
    const created = await as("admin", server)
      .post("/setup/v1/channels")
      .type("json")
      .send(`{"channel_schema":{"value":"float"},"metadata":${deep}}`);
    expect(created).toMatchObject({ status: 400, body: { code: "body_malformed" } });
    // No document is as deep as this, so none is found.
    const path = `/api/v1/channels/${id}/rows?col[document${".a".repeat(5_000)}]=1`;
    const { body } = await as("reader", server).get(path).expect(200);
    expect(body.rows).toEqual([]);
  });
});

describe("compression bombs and encodings", () => {
  const bomb = gzipSync(Buffer.alloc(64 * MEGABYTE, " "));

  test("are counted after inflation", async () => {
    expect(bomb.length).toBeLessThan(100_000);
    expect(await post(bomb, { "Content-Encoding": "gzip" })).toMatchObject({ status: 413, body: { code: "body_too_large" } });
    const twice = new Uint8Array(Buffer.concat([gzipSync("{"), bomb]));
    expect(await post(twice, { "Content-Encoding": "gzip" })).toMatchObject({ status: 413, body: { code: "body_too_large" } });
  });

  test.each<[string, Uint8Array<ArrayBuffer>]>([
    ["br", brotliCompressSync(GOOD)],
    ["deflate", deflateSync(GOOD)],
    ["zstd", zstdCompressSync(GOOD)],
    ["compress", gzipSync(GOOD)],
    ["gzip, gzip", gzipSync(gzipSync(GOOD))],
    ["gzip, br", brotliCompressSync(gzipSync(GOOD))],
    ["identity, gzip", gzipSync(GOOD)],
    ["utf-8", gzipSync(GOOD)],
  ])("are refused: %s", async (encoding, bytes) => {
    expect(await post(bytes, { "Content-Encoding": encoding })).toMatchObject({
      status: 415,
      body: { code: "media_type_unsupported" },
    });
  });

  test.each<[string, Uint8Array<ArrayBuffer>]>([
    ["cut off", new Uint8Array(gzipSync(GOOD).subarray(0, 30))],
    ["no gzip", new TextEncoder().encode(GOOD)],
    ["a wrong checksum", gzipSync(GOOD).map((byte, index, all) => (index === all.length - 5 ? byte ^ 1 : byte))],
    ["a header alone", new Uint8Array(gzipSync(GOOD).subarray(0, 10))],
  ])("are refused as gzip that is %s", async (_what, bytes) => {
    const answer = await post(bytes, { "Content-Encoding": "gzip" });
    expect(answer).toMatchObject({ status: 400, body: { code: "body_malformed" } });
  });
});

describe.concurrent("bodies without end, or with a wrong one", () => {
  const head = (...headers: string[]) => appendHead(id, ...headers);

  const statusesOf = (text: string) => [...text.matchAll(/^HTTP\/1\.1 (\d{3})/gm)].map(([, status]) => Number(status));

  /** Sends chunks until the server closes, and returns how many megabytes it took. */
  async function sendWithoutEnd(connection: RawConnection): Promise<number> {
    const chunk = `100000\r\n${" ".repeat(MEGABYTE)}\r\n`;
    let count = 0;
    for (; !connection.isClosed(); count++) await connection.send(chunk);
    return count;
  }

  test("answers 413 to a body without end, and closes the connection", async () => {
    using connection = await openRawConnection(server);
    await connection.send(head("Transfer-Encoding: chunked"));
    await sendWithoutEnd(connection);
    const answer = await connection.untilClosed();
    expect(statusesOf(answer)).toEqual([413]);
    expect(answer).toContain('"code":"body_too_large"');
  });

  test("answers 401 without a credential, and closes the connection all the same", async () => {
    using connection = await openRawConnection(server);
    await connection.send("POST /data/v1/channels HTTP/1.1\r\nHost: kronicle\r\nTransfer-Encoding: chunked\r\n\r\n");
    await sendWithoutEnd(connection);
    expect(statusesOf(await connection.untilClosed())).toEqual([401]);
  });

  test("answers 413 to an announced length before the first byte of it", async () => {
    using connection = await openRawConnection(server);
    await connection.send(head(`Content-Length: ${100 * MEGABYTE}`));
    const answer = await connection.untilClosed();
    expect(statusesOf(answer)).toEqual([413]);
    expect(answer).toContain(`at most ${BODY_LIMIT} bytes`);
  });

  test("does not even ask for it when the sender waits to be asked", async () => {
    using connection = await openRawConnection(server);
    await connection.send(head(`Content-Length: ${100 * MEGABYTE}`, "Expect: 100-continue"));
    expect(statusesOf(await connection.untilClosed())).toEqual([413]);
  });

  test.each([
    ["a length that is too small", `Content-Length: 10`, GOOD],
    ["a length and chunks", "Content-Length: 4\r\nTransfer-Encoding: chunked", `34\r\n${GOOD}\r\n0\r\n\r\n`],
    ["two lengths", `Content-Length: ${GOOD.length}\r\nContent-Length: 5`, GOOD],
    ["a negative length", "Content-Length: -1", GOOD],
    ["a length beyond all numbers", `Content-Length: ${"9".repeat(30)}`, GOOD],
    ["a length that is none", "Content-Length: 0x34", GOOD],
    ["chunks that are not the last encoding", "Transfer-Encoding: chunked, identity", `34\r\n${GOOD}\r\n0\r\n\r\n`],
    ["a chunk beyond all numbers", "Transfer-Encoding: chunked", `ffffffffffffffffffff\r\n${GOOD}`],
    ["a chunk whose length is a lie", "Transfer-Encoding: chunked", `5\r\n${GOOD}\r\n0\r\n\r\n`],
  ])("answers 400 once to %s, and nothing to what follows it", async (_what, header, body) => {
    using connection = await openRawConnection(server);
    await connection.send(`${head(header)}${body}`);
    await connection.send(`GET /health/live HTTP/1.1\r\nHost: kronicle\r\nConnection: close\r\n\r\n`);
    expect(statusesOf(await connection.untilClosed())).toEqual([400]);
  });

  test("answers 415 to chunks that are encoded themselves", async () => {
    using connection = await openRawConnection(server);
    await connection.send(`${head("Transfer-Encoding: gzip, chunked", "Connection: close")}34\r\n${GOOD}\r\n0\r\n\r\n`);
    expect(statusesOf(await connection.untilClosed())).toEqual([415]);
  });
});

test("nothing of all this is stored, and the next request is served", async () => {
  const { body } = await as("reader", server).get(`/api/v1/channels/${id}`).expect(200);
  expect(body.available_rows).toBe(0);
});

test("gzip that holds nothing is not read for ever", async () => {
  const nothing = Buffer.concat(Array.from({ length: 1_000 }, () => gzipSync("")));
  const { status, body } = await as("admin", server)
    .post("/auth/v1/login")
    .set("Content-Type", "application/json")
    .set("Content-Encoding", "gzip")
    .send(nothing);
  expect(status).toBe(413);
  expect(body).toMatchObject({ code: "body_too_large" });
});
