import { brotliCompressSync, deflateSync, gzipSync } from "node:zlib";
import { request } from "node:http";
import { beforeEach, describe, expect, test } from "vitest";
import { createChannel, countRows } from "../../support/channels.ts";
import { KEYS } from "../../support/server.ts";
import { useTestServer } from "../../support/use-test-server.ts";

const server = useTestServer();
let id: string;
beforeEach(async () => {
  const channel_schema = { temperature: "float", document: "optional[dict]" };
  id = await createChannel(server, { channel_schema });
});

const GOOD = JSON.stringify({ rows: [{ time: "2024-03-01T00:00:00Z", temperature: 20.5 }] });
const JSON_TYPE = { "Content-Type": "application/json" };

/** Bytes as they are: supertest would turn a Buffer into JSON. */
async function post(body: string | Uint8Array<ArrayBuffer> | null, headers: Record<string, string> = JSON_TYPE) {
  const response = await fetch(`${server.url}/data/v1/channels/${id}/rows`, {
    method: "POST",
    headers: { Authorization: `Bearer ${KEYS.writer}`, ...headers },
    body,
  });
  return { status: response.status, headers: response.headers, body: await response.json() };
}

describe("200", () => {
  test("takes a body with Content-Encoding gzip", async () => {
    const answer = await post(gzipSync(GOOD), { ...JSON_TYPE, "Content-Encoding": "gzip" });
    expect(answer).toMatchObject({ status: 200, body: { available_rows: 1 } });
  });

  test.each([
    "application/json; charset=utf-8",
    'application/json;charset="UTF-8"',
    "application/json; charset=utf8",
    'application/json; charset="UTF8"; profile=x',
    "Application/JSON",
  ])("takes %s", async (type) => {
    expect(await post(GOOD, { "Content-Type": type })).toMatchObject({ status: 200, body: { available_rows: 1 } });
  });

  test.each(["application/x-ndjson", "application/ndjson", "application/ndjson; charset=utf8"])(
    "takes rows as %s",
    async (type) => {
      const line = '{"time":"2024-03-01T00:00:00Z","temperature":1}\n';
      const answer = await post(line + line, { "Content-Type": type });
      expect(answer).toMatchObject({ status: 200, body: { available_rows: 2 } });
    },
  );

  test("takes a document that brings the body to 16 levels", async () => {
    const document = `${'{"a":'.repeat(13)}1${"}".repeat(13)}`;
    expect(await post(`{"rows":[{"temperature":1,"document":${document}}]}`)).toMatchObject({ status: 200 });
  });
});

describe("400 body_malformed", () => {
  test.each([
    ["cut off", '{"rows":[{"temperature":1}', "syntax_error"],
    ["not JSON", "temperature=1", "syntax_error"],
    ["JSON with NaN", '{"rows":[{"temperature":NaN}]}', "syntax_error"],
    ["JSON with a comment", '{"rows":[]/* none */}', "syntax_error"],
    ["JSON with a byte order mark", `\ufeff${GOOD}`, "syntax_error"],
    [
      "nested deeper than 16 levels",
      `{"rows":[{"temperature":1,"document":${'{"a":'.repeat(14)}1${"}".repeat(14)}}]}`,
      "too_deep",
    ],
    ["nested a million levels deep", "[".repeat(1_000_000), "too_deep"],
  ])("refuses a body that is %s", async (_what, text, code) => {
    expect(await post(text)).toMatchObject({ status: 400, body: { code: "body_malformed", errors: [{ code }] } });
    expect(await countRows(server, id)).toBe(0);
  });

  test.each([
    ["in a row", '{"rows":[{"temperature":1},{"temperature":1,"temperature":2}]}', "/rows/1/temperature"],
    ["written in another way", String.raw`{"rows":[{"temperature":1,"t\u0065mperature":2}]}`, "/rows/0/temperature"],
    ["at the top", '{"rows":[{"temperature":1}],"rows":[{"temperature":2}]}', "/rows"],
    ["in a document", '{"rows":[{"temperature":1,"document":{"a":{"b/c":[],"b/c":[]}}}]}', "/rows/0/document/a/b~1c"],
  ])("refuses a key that stands twice %s, with its place", async (_what, text, pointer) => {
    expect(await post(text)).toMatchObject({
      status: 400,
      body: { code: "body_malformed", errors: [{ code: "duplicate_key", pointer }] },
    });
    expect(await countRows(server, id)).toBe(0);
  });

  test("refuses an empty body", async () => {
    expect(await post("")).toMatchObject({ status: 400, body: { code: "body_malformed" } });
  });

  test("refuses a request without any body the same way", async () => {
    // What `curl -X POST` sends: neither Content-Length nor Transfer-Encoding.
    const { promise, resolve, reject } = Promise.withResolvers<number | undefined>();
    const headers = { ...JSON_TYPE, Authorization: `Bearer ${KEYS.writer}` };
    const post = request(`${server.url}/data/v1/channels/${id}/rows`, { method: "POST", headers }, (response) => {
      response.resume();
      resolve(response.statusCode);
    });
    post.on("error", reject);
    post.removeHeader("Transfer-Encoding");
    post.removeHeader("Content-Length");
    post.end();
    expect(await promise).toBe(400);
  });

  test("refuses bytes that are not UTF-8", async () => {
    const bytes = Buffer.from('{"rows":[{"temperature":1,"document":{"a":"\u00ff"}}]}', "latin1");
    expect(await post(bytes)).toMatchObject({ status: 400, body: { code: "body_malformed", errors: [{ code: "not_utf8" }] } });
  });

  test.each([
    ["cut off", gzipSync(GOOD).subarray(0, 30)],
    ["no gzip at all", Buffer.from(GOOD)],
  ])("refuses a gzip body that is %s", async (_what, bytes) => {
    const answer = await post(Uint8Array.from(bytes), { ...JSON_TYPE, "Content-Encoding": "gzip" });
    expect(answer).toMatchObject({ status: 400, body: { code: "body_malformed" } });
    expect(await countRows(server, id)).toBe(0);
  });
});

describe("413", () => {
  /** The limit of the test server is 4 MiB. */
  const spaces = (count: number) => `${" ".repeat(count)}${GOOD}`;

  test("refuses a body over the limit, and says what the limit is", async () => {
    const answer = await post(spaces(4 * 1024 * 1024));
    expect(answer).toMatchObject({
      status: 413,
      body: { code: "body_too_large", detail: expect.stringContaining("4194304 bytes") },
    });
    expect(await countRows(server, id)).toBe(0);
  });

  test("takes a body of exactly the limit", async () => {
    expect(await post(spaces(4 * 1024 * 1024 - GOOD.length))).toMatchObject({ status: 200 });
  });

  test("counts after inflation", async () => {
    const bomb = gzipSync(spaces(64 * 1024 * 1024));
    expect(bomb.length).toBeLessThan(100_000);
    const answer = await post(bomb, { ...JSON_TYPE, "Content-Encoding": "gzip" });
    expect(answer).toMatchObject({ status: 413, body: { code: "body_too_large" } });
    expect(await countRows(server, id)).toBe(0);
  });
});

describe("415", () => {
  test.each([
    ["plain text", { "Content-Type": "text/plain" }],
    ["a form", { "Content-Type": "application/x-www-form-urlencoded" }],
    ["another kind of JSON", { "Content-Type": "application/vnd.api+json" }],
    ["JSON in latin1", { "Content-Type": "application/json; charset=latin1" }],
    ["JSON in UTF-16", { "Content-Type": 'application/json; charset="utf-16"' }],
    ["an unknown encoding", { ...JSON_TYPE, "Content-Encoding": "zstd" }],
    ["gzip twice", { ...JSON_TYPE, "Content-Encoding": "gzip, gzip" }],
  ])("refuses %s, and says what is taken", async (_what, headers) => {
    const answer = await post(GOOD, headers);
    expect(answer).toMatchObject({ status: 415, body: { code: "media_type_unsupported" } });
    expect(answer.headers.get("accept")).toContain("application/json");
    expect(answer.headers.get("accept-encoding")).toBe("gzip");
    expect(await countRows(server, id)).toBe(0);
  });

  test("refuses a body without media type", async () => {
    expect(await post(new TextEncoder().encode(GOOD), {})).toMatchObject({ status: 415 });
  });

  test("refuses brotli and deflate", async () => {
    expect(await post(brotliCompressSync(GOOD), { ...JSON_TYPE, "Content-Encoding": "br" })).toMatchObject({ status: 415 });
    expect(await post(deflateSync(GOOD), { ...JSON_TYPE, "Content-Encoding": "deflate" })).toMatchObject({ status: 415 });
    expect(await countRows(server, id)).toBe(0);
  });
});
