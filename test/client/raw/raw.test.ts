import { defineChannel, NetworkError, TimeoutError } from "@kronicle/client";
import { createRawClient, type RawClient } from "@kronicle/client/raw";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { KEYS, startTestServer, type TestServer } from "../../support/server.ts";
import { connect, recordFetch } from "../connect.ts";
import { startHttpServer } from "../http-server.ts";

const thermometer = defineChannel({ temperature: "float", note: "optional[str]" });

let server: TestServer;
let id: string;
beforeAll(async () => {
  server = await startTestServer();
  const rows = [18, 20.5, 23].map((temperature, hour) => ({ time: `2024-03-01T0${hour}:00:00Z`, temperature, note: "a,b&c" }));
  ({ channel_id: id } = await connect("writer", server).writer.upsertChannel({ name: "thermo-1", schema: thermometer, rows }));
});
afterAll(() => server[Symbol.asyncDispose]());

function connectRaw(lane: keyof typeof KEYS, { url }: { readonly url: string }, send?: typeof fetch): RawClient {
  return createRawClient({ baseUrl: url, token: KEYS[lane], fetch: send, retries: 0 });
}

/** Callers without types may hand over anything. */
const untyped = (value: unknown) => value as never;

describe("the raw client", () => {
  test("reaches every operation of the contract", async () => {
    const nobody = "00000000-0000-4000-8000-000000000000";
    const values = {
      channel_id: nobody,
      user_id: nobody,
      key_id: "000000000000",
      asset: "docs.js",
      code: "row_invalid",
      key: "room",
    };
    for (const { method, path } of server.context.contract.operations) {
      const { send, urls } = recordFetch();
      const raw = connectRaw("admin", server, send);
      const { error } = await raw.request(untyped(method), untyped(path), untyped({ params: { path: values }, parseAs: "text" }));
      expect(urls).toHaveLength(1);
      expect(JSON.stringify([method, path, error])).not.toMatch(/path_not_found|method_not_allowed/);
    }
  });

  test("answers as openapi-fetch does, typed by the contract", async () => {
    const raw = connectRaw("reader", server);
    const { data, error, response } = await raw.GET("/api/v1/channels/{channel_id}", { params: { path: { channel_id: id } } });
    expect(error).toBeUndefined();
    expect(data?.name).toBe("thermo-1");
    expect(response.headers.get("ETag")).not.toBeNull();

    const refused = await raw.POST("/auth/v1/keys", { body: { lane: "reader" } });
    expect(refused.data).toBeUndefined();
    expect(refused.error?.code).toBe("role_too_low");
  });

  test("writes every kind of parameter as the contract says", async () => {
    const { send, urls } = recordFetch();
    const raw = connectRaw("admin", server, send);
    const path = { channel_id: id };
    const { data } = await raw.GET("/api/v1/channels/{channel_id}/rows", {
      params: {
        path,
        query: {
          min: { temperature: untyped(20) },
          any: { note: ['"a,b&c"', "&min[x]=1"] },
          from: untyped(new Date("2024-03-01T01:30:00+01:00")),
          to: "2024-03-01T02:00:00.000001+00:00",
          sort: "time",
          skip_received: false,
          cursor: untyped(undefined),
        },
      },
    });
    expect(data?.rows.map((row) => row["temperature"])).toEqual([20.5, 23]);
    expect([...(urls[0]?.searchParams ?? [])]).toEqual([
      ["min[temperature]", "20"],
      ["any[note]", '"a,b&c"'],
      ["any[note]", "&min[x]=1"],
      ["from", "2024-03-01T00:30:00.000Z"],
      ["to", "2024-03-01T02:00:00.000001+00:00"],
      ["sort", "time"],
      ["skip_received", "false"],
    ]);
    const listed = await raw.GET("/api/v1/channels", { params: { query: { tags: ["room:a&b", "floor"] } } });
    expect(listed.data).toEqual([]);
  });

  test.each([
    ["a filter that is undefined", { min: { temperature: undefined } }],
    ["a filter that is null", { min: { temperature: null } }],
    ["NaN", { limit: NaN }],
    ["an invalid Date", { from: new Date(NaN) }],
    ["a Map of filters", { min: new Map([["temperature", "20"]]) }],
    ["half of a surrogate pair", { col: { "\ud800": "x" } }],
  ])("refuses %s rather than leaving it out", async (_what, query) => {
    const { send, urls } = recordFetch();
    const params = { path: { channel_id: id }, query: untyped(query) };
    const read = connectRaw("reader", server, send).GET("/api/v1/channels/{channel_id}/rows", { params });
    await expect(read).rejects.toThrow(TypeError);
    expect(urls).toEqual([]);
  });

  test.each(["", ".", "..", undefined, null, {}])("refuses %j as a part of a path", async (channelId) => {
    const { send, urls } = recordFetch();
    const params = { path: { channel_id: untyped(channelId) } };
    await expect(connectRaw("admin", server, send).DELETE("/setup/v1/channels/{channel_id}", { params })).rejects.toThrow(
      TypeError,
    );
    expect(urls).toEqual([]);
  });

  test("keeps a value within its part of the path", async () => {
    const { send, urls } = recordFetch();
    const params = { path: { channel_id: `${id}/rows?all=true` } };
    await connectRaw("admin", server, send).DELETE("/setup/v1/channels/{channel_id}", { params });
    expect(urls[0]?.pathname).toBe(`/setup/v1/channels/${id}%2Frows%3Fall%3Dtrue`);
  });

  test("tries reads again, and throws what is no answer at all", async () => {
    let count = 0;
    await using flaky = await startHttpServer((request, response) => {
      if (++count < 3) return request.socket.destroy();
      response.writeHead(200, { "Content-Type": "application/json" }).end("[]");
    });
    const raw = (retries: number) => createRawClient({ baseUrl: flaky.url, token: "x", retries });
    await expect(raw(0).GET("/api/v1/channels")).rejects.toThrow(NetworkError);
    expect(await raw(1).GET("/api/v1/channels")).toMatchObject({ data: [] });
  });

  test("lets no piece of a stream take longer than an attempt may", async () => {
    await using slow = await startHttpServer((_request, response) => {
      response.writeHead(200, { "Content-Type": "text/csv" });
      response.write("time,temperature\r\n");
    });
    const raw = createRawClient({ baseUrl: slow.url, token: "x", attemptTimeoutMs: 100 });
    const { data } = await raw.GET("/api/v1/channels/{channel_id}/rows/export", {
      params: { path: { channel_id: id } },
      parseAs: "stream",
    });
    await expect(new Response(data).text()).rejects.toThrow(TimeoutError);
  });

  test("streams what comes as a stream", async () => {
    const { data } = await connectRaw("reader", server).GET("/api/v1/channels/{channel_id}/rows/export", {
      params: { path: { channel_id: id }, query: { format: "csv" } },
      parseAs: "stream",
    });
    expect(await new Response(data).text()).toContain("time,temperature,note\r\n");
  });
});
