import { once } from "node:events";
import { connect } from "node:net";
import { text } from "node:stream/consumers";
import { describe, expect, test } from "vitest";
import { as } from "../support/http.ts";
import { useTestServer } from "../support/use-test-server.ts";

const server = useTestServer();

/** What comes back on a connection of its own until the server closes it. */
async function send(bytes: string): Promise<{ head: string; body: unknown }> {
  const { hostname, port } = new URL(server.url);
  const socket = connect(Number(port), hostname);
  await once(socket, "connect");
  socket.write(bytes);
  const [head = "", body = ""] = (await text(socket)).split("\r\n\r\n");
  return { head, body: JSON.parse(body) };
}

describe("a request that cannot be read", () => {
  test.each([
    ["is no HTTP", "nonsense\r\n\r\n"],
    ["has a broken header", "GET /health/live HTTP/1.1\r\nHost: a\r\nbad header\r\n\r\n"],
  ])("gets a problem when it %s", async (_fault, bytes) => {
    const { head, body } = await send(bytes);
    expect(head).toMatch(/^HTTP\/1\.1 400 Bad Request\r\nContent-Type: application\/problem\+json/);
    expect(body).toMatchObject({ status: 400, code: "request_invalid", detail: "This is not a valid HTTP/1.1 request." });
  });

  test("is told the limit when its head is too long", async () => {
    const { head, body } = await send(`GET /api/v1/channels?name=${"a".repeat(70_000)} HTTP/1.1\r\nHost: a\r\n\r\n`);
    expect(head).toContain("HTTP/1.1 400");
    expect(body).toMatchObject({ code: "request_invalid", detail: expect.stringContaining("65536 bytes") });
  });
});

test("the longest list of columns that the contract allows is read", async () => {
  const url = "/api/v1/channels/6e8bc430-9c3a-4f5c-8d2e-2f1c9a7b4d10/rows";
  const { body } = await as("reader", server)
    .get(url)
    .query({ columns: "a".repeat(40_000) })
    .expect(404);
  expect(body.code).toBe("channel_not_found");
});

describe("a head that could be read in two ways", () => {
  test("is refused when it names two hosts", async () => {
    const { head, body } = await send("GET /health/live HTTP/1.1\r\nHost: a\r\nHost: b\r\nConnection: close\r\n\r\n");
    expect(head).toContain("HTTP/1.1 400");
    expect(body).toMatchObject({ code: "request_invalid", errors: [{ parameter: "Host", code: "repeated" }] });
  });

  test.each(["/health/live#", "/health/live#?x=1", "/api/v1/channels?name=a#&limit=1", "/api/v1/channels#/../setup"])(
    "is refused when its target has a #: %s",
    async (target) => {
      const { head, body } = await send(`GET ${target} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`);
      expect(head).toContain("HTTP/1.1 400");
      expect(body).toMatchObject({ code: "request_invalid", errors: [{ code: "malformed_target" }] });
    },
  );
});
