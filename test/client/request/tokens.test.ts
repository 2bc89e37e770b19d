import { text } from "node:stream/consumers";
import { createKronicle, defineChannel } from "@kronicle/client";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { KEYS, startTestServer, type TestServer } from "../../support/server.ts";
import { startHttpServer } from "../http-server.ts";

const thermometer = defineChannel({ temperature: "float" });

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server[Symbol.asyncDispose]());

/** Hands out tokens in turn, the last of them for ever, and counts. */
function hander(...tokens: string[]) {
  const asked = { count: 0 };
  const token = async () => {
    asked.count++;
    // As one that has to ask somebody else.
    await new Promise((resolve) => setTimeout(resolve, 5));
    return tokens[Math.min(asked.count, tokens.length) - 1] ?? "";
  };
  return { token, asked };
}

describe("a token that is a function", () => {
  test("is asked once for all requests, and not before the first", async () => {
    const { token, asked } = hander(KEYS.reader);
    const { reader } = createKronicle({ baseUrl: server.url, token });
    expect(asked.count).toBe(0);
    await Promise.all(Array.from({ length: 5 }, () => reader.listChannels().page()));
    await reader.listChannels().page();
    expect(asked.count).toBe(1);
  });

  test("is asked once more when the token is refused, by all requests together, and they are sent again", async () => {
    const { token, asked } = hander("krn_expired", KEYS.writer);
    const { reader, writer } = createKronicle({ baseUrl: server.url, token, retries: 0 });
    const upsert = (name: string) => writer.upsertChannel({ name, schema: thermometer, rows: [{ temperature: 20.5 }] });
    await Promise.all([upsert("a"), upsert("b"), reader.listChannels().page(), reader.listChannels().page()]);
    expect(asked.count).toBe(2);
    const { channels } = await reader.listChannels().page();
    expect(channels.map(({ name, available_rows }) => [name, available_rows]).sort()).toEqual([
      ["a", 1],
      ["b", 1],
    ]);
    expect(asked.count).toBe(2);
  });

  test("is asked once more for each request that is refused, and then the refusal is thrown", async () => {
    const { token, asked } = hander("krn_expired");
    const { reader } = createKronicle({ baseUrl: server.url, token });
    for (const count of [2, 3]) {
      await expect(reader.listChannels().page()).rejects.toMatchObject({
        name: "AuthenticationError",
        code: "credential_invalid",
      });
      expect(asked.count).toBe(count);
    }
  });

  test("may return text that is no promise", async () => {
    const { reader } = createKronicle({ baseUrl: server.url, token: () => KEYS.reader });
    expect(await reader.listChannels().page()).toMatchObject({ nextCursor: null });
  });

  test("that throws makes the call throw the same, and is asked anew by the next", async () => {
    const fault = new Error("the sign-in service is away");
    for (const fail of [
      () => Promise.reject(fault),
      () => {
        throw fault;
      },
    ]) {
      let count = 0;
      const token = () => (++count === 1 ? fail() : KEYS.reader);
      const { reader } = createKronicle({ baseUrl: server.url, token });
      await expect(reader.listChannels().page()).rejects.toBe(fault);
      expect(await reader.listChannels().page()).toMatchObject({ nextCursor: null });
      expect(count).toBe(2);
    }
  });

  test.each(["", "two words", undefined])("that returns %j makes the call a TypeError, and does not repeat it", async (token) => {
    const { reader } = createKronicle({ baseUrl: "http://127.0.0.1:9", token: () => token as never });
    await expect(reader.listChannels().page()).rejects.toThrow(new TypeError("token has to be visible ASCII text."));
  });
});

describe("a token that is text", () => {
  test("is sent once when it is refused", async () => {
    const seen: string[] = [];
    await using refusing = await startHttpServer(async (request, response) => {
      seen.push(await text(request));
      const body = {
        type: "/",
        title: "No",
        status: 401,
        detail: "No.",
        instance: "/",
        code: "credential_invalid",
        request_id: "1",
        errors: [],
      };
      response.writeHead(401, { "Content-Type": "application/problem+json" }).end(JSON.stringify(body));
    });
    const { writer } = createKronicle({ baseUrl: refusing.url, token: "krn_revoked" });
    await expect(writer.upsertChannel({ name: "a", schema: thermometer })).rejects.toMatchObject({ status: 401 });
    expect(seen).toHaveLength(1);
  });
});
