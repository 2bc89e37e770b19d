/** What `fetch` may lack, and what it may throw: it comes from the runtime, a framework or a test, and not all of them have everything. */
import { runInNewContext } from "node:vm";
import { createKronicle, createReader, defineChannel, login, NetworkError } from "@kronicle/client";
import { createRawClient } from "@kronicle/client/raw";
import { afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { KEYS } from "../../support/server.ts";
import { useTestServer } from "../../support/use-test-server.ts";
import { connect } from "../connect.ts";

const station = defineChannel({ temperature: "float", note: "optional[str]" });
const ROWS = [
  { time: "2024-03-01T00:00:00Z", temperature: 20.5, note: "früh 🌡" },
  { time: "2024-03-01T00:01:00Z", temperature: 20.7, note: null },
];
const CSV = 'time,temperature,note\r\n2024-03-01T00:00:00.000000Z,20.5,"früh 🌡"\r\n2024-03-01T00:01:00.000000Z,20.7,\r\n';

const server = useTestServer();
let id = "";
beforeAll(async () => {
  ({ channel_id: id } = await connect("writer", server).writer.upsertChannel({ name: "station", schema: station, rows: ROWS }));
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const collected: T[] = [];
  for await (const item of items) collected.push(item);
  return collected;
}

/** A fetch whose answers have this instead of a stream. */
function bodyless(body: unknown): typeof fetch {
  return async (input, init) => Object.defineProperty(await fetch(input, init), "body", { value: body });
}

/** A Response as that of React Native: of a text, and without a stream. */
class PlainResponse {
  readonly status: number;
  readonly headers: Headers;
  readonly #text: string;

  constructor(text: string | null, { status, headers }: { readonly status: number; readonly headers: Headers }) {
    if (text !== null && typeof text !== "string") throw new TypeError("A PlainResponse holds text.");
    this.#text = text ?? "";
    this.status = status;
    this.headers = new Headers(headers);
  }

  get ok(): boolean {
    return this.status >= 200 && this.status < 300;
  }

  text(): Promise<string> {
    return Promise.resolve(this.#text);
  }

  async json(): Promise<unknown> {
    return JSON.parse(this.#text);
  }

  blob(): Promise<Blob> {
    return Promise.resolve(new Blob([this.#text]));
  }
}

function leaveStreamsOut(): void {
  vi.stubGlobal("Response", PlainResponse);
}

describe("a fetch without response.body", () => {
  test.each([
    ["is undefined", undefined],
    ["is null", null],
    ["is a stream of Node", { pipe: () => undefined, [Symbol.asyncIterator]: () => undefined }],
  ])("gives all rows, whatever way they are asked for, where it %s", async (_what, body) => {
    const channel = connect("reader", server, bodyless(body)).reader.channel(id, station);
    expect(await collect(channel.ndjson({ sort: "time" }))).toEqual(ROWS);
    expect(await new Response(await channel.csv({ sort: "time" })).text()).toBe(CSV);
    expect(await collect(channel.rows({ sort: "time" }))).toEqual(ROWS);
    expect((await channel.columns({ sort: "time" })).columns.temperature).toEqual(new Float64Array([20.5, 20.7]));
  });

  test("gives no rows where there are none", async () => {
    const channel = connect("reader", server, bodyless(undefined)).reader.channel(id, station);
    const before = { to: "2000-01-01T00:00:00Z" };
    expect(await collect(channel.ndjson(before))).toEqual([]);
    expect(await new Response(await channel.csv(before)).text()).toBe("time,temperature,note\r\n");
  });

  test("writes, and tells problems, as any other", async () => {
    const { writer, reader, setup } = connect("admin", server, bodyless(undefined));
    const { channel_id } = await writer.upsertChannel({ name: "other", schema: station, rows: ROWS });
    expect(await reader.getChannel(channel_id)).toMatchObject({ available_rows: 2 });
    await setup.deleteChannel(channel_id);
    await expect(reader.getChannel(channel_id)).rejects.toMatchObject({ code: "channel_not_found" });
  });

  test("whose answer cannot be read is a NetworkError, and no short result", async () => {
    const send: typeof fetch = async (input, init) => {
      const response = await bodyless(undefined)(input, init);
      return Object.defineProperty(response, "text", { value: () => Promise.reject(new TypeError("Network request failed")) });
    };
    const channel = connect("reader", server, send).reader.channel(id, station);
    await expect(channel.get()).rejects.toThrow(NetworkError);
    await expect(collect(channel.ndjson())).rejects.toThrow(NetworkError);
    await expect(channel.csv()).rejects.toThrow(NetworkError);
  });
});

describe("a runtime without streams", () => {
  test("gives all rows, and tells problems", async () => {
    const { reader } = connect("reader", server, bodyless(undefined));
    leaveStreamsOut();
    const channel = reader.channel(id, station);
    expect(await collect(channel.ndjson({ sort: "time" }))).toEqual(ROWS);
    expect(await collect(channel.ndjson({ to: "2000-01-01T00:00:00Z" }))).toEqual([]);
    expect(await collect(await channel.csv({ sort: "time" }))).toEqual([new TextEncoder().encode(CSV)]);
    expect(await collect(channel.rows({ sort: "time" }))).toEqual(ROWS);
    await expect(reader.getChannel(crypto.randomUUID())).rejects.toMatchObject({ code: "channel_not_found" });
  });

  test("is told what an export needs when it has not even that", async () => {
    leaveStreamsOut();
    vi.spyOn(Blob.prototype, "stream").mockImplementation(() => {
      throw new TypeError("stream is not a function");
    });
    const channel = connect("reader", server, bodyless(undefined)).reader.channel(id, station);
    await expect(channel.csv()).rejects.toThrow("stream is not a function");
    await expect(collect(channel.ndjson())).rejects.toThrow("stream is not a function");
    expect(await collect(channel.rows({ sort: "time" }))).toEqual(ROWS);
  });
});

describe("a runtime without", () => {
  test("URL.canParse names it", () => {
    const Plain = class extends URL {};
    Object.defineProperty(Plain, "canParse", { value: undefined });
    vi.stubGlobal("URL", Plain);
    expect(() => createReader({ baseUrl: "http://127.0.0.1:9", token: "x" })).toThrow("URL.canParse is not a function");
  });

  test("reasons of signals tells that the time was up, and that somebody has aborted", async () => {
    const silent: typeof fetch = () => new Promise(() => {});
    const { reader } = createKronicle({ baseUrl: server.url, token: "x", fetch: silent, attemptTimeoutMs: 1, retries: 0 });
    vi.spyOn(AbortSignal.prototype, "reason", "get").mockReturnValue(undefined);
    await expect(reader.getChannel(id)).rejects.toMatchObject({ name: "TimeoutError" });

    const controller = new AbortController();
    const signal = new Proxy(controller.signal, {
      get: (target, name) => {
        const member: unknown = Reflect.get(target, name, target);
        return typeof member === "function" ? member.bind(target) : member;
      },
      has: (target, name) => name !== "reason" && name in target,
    });
    const read = createReader({ baseUrl: server.url, token: "x", fetch: silent }).getChannel(id, { signal });
    controller.abort();
    await expect(read).rejects.toThrow("Aborted.");
  });

  test("fetch says so at once", async () => {
    vi.stubGlobal("fetch", undefined);
    Reflect.deleteProperty(globalThis, "fetch");
    const { reader } = createKronicle({ baseUrl: server.url, token: "x" });
    await expect(reader.getChannel(id)).rejects.toThrow(new ReferenceError("fetch is not defined"));
  });
});

/** Clients whose fetch always throws this, and how often it was called. */
function throwing(thrown: unknown) {
  const send = vi.fn<typeof fetch>(() => {
    throw thrown;
  });
  const options = { baseUrl: "http://127.0.0.1:9", token: KEYS.reader, fetch: send };
  const signIn = login({ baseUrl: options.baseUrl, login: "ada", password: "x", fetch: send });
  return { reader: createReader(options), raw: createRawClient(options), signIn, send };
}

/** In an object, where a promise that was thrown is not waited for. */
async function thrownBy(work: Promise<unknown>): Promise<{ readonly thrown: unknown }> {
  return work.then(
    () => ({ thrown: "nothing was thrown" }),
    (thrown: unknown) => ({ thrown }),
  );
}

describe("what fetch throws", () => {
  test.each<[what: string, thrown: unknown]>([
    ["an error of Next.js that a page is dynamic", Object.assign(new Error("Dynamic"), { digest: "DYNAMIC_SERVER_USAGE" })],
    [
      "an error of Next.js that leads elsewhere",
      Object.assign(new Error("NEXT_REDIRECT"), { digest: "NEXT_REDIRECT;push;/;307;" }),
    ],
    ["a TypeError that is a signal", Object.assign(new TypeError("x"), { digest: "123" })],
    ["an error of Next.js that nothing can be static", Object.assign(new Error("x"), { code: "NEXT_STATIC_GEN_BAILOUT" })],
    ["a promise of React", new Promise(() => {})],
    ["somebody's abort", new DOMException("This operation was aborted", "AbortError")],
    ["somebody's abort in Node", Object.assign(new Error("aborted"), { name: "AbortError", code: "ABORT_ERR" })],
    ["an error of whoever wrote it", new Error("there is no session")],
    ["an error with a code of their own", Object.assign(new Error("sign in"), { code: "session_expired" })],
    ["a failed assertion of a test", Object.assign(new Error("no"), { name: "AssertionError", code: "ERR_ASSERTION" })],
    ["a missing global", new ReferenceError("Headers is not defined")],
    ["text", "no"],
    ["a symbol", Symbol("no")],
  ])("reaches the caller as it is, after one attempt: %s", async (_what, thrown) => {
    const { reader, raw, signIn, send } = throwing(thrown);
    for (const call of [() => reader.getChannel(id), () => raw.GET("/health/live"), signIn]) {
      send.mockClear();
      expect((await thrownBy(call())).thrown).toBe(thrown);
      expect(send).toHaveBeenCalledTimes(1);
    }
  });

  test.each<[what: string, thrown: unknown]>([
    ["what the standard says", new TypeError("fetch failed")],
    ["the same of another realm", runInNewContext("new TypeError('Failed to fetch')")],
    ["an error of a system", Object.assign(new Error("read ECONNRESET"), { code: "ECONNRESET" })],
    ["a name that is not found", Object.assign(new Error("getaddrinfo"), { code: "EAI_AGAIN" })],
    ["an error of node-fetch", Object.assign(new Error("x"), { name: "FetchError", type: "system", code: "ECONNREFUSED" })],
    ["an error of workerd", new Error("Network connection lost.")],
    ["another error of workerd", new Error("internal error; reference = 9o5d31c28lt3n13idep1e5el")],
    ["a timeout of its own", new DOMException("x", "TimeoutError")],
  ])("is a NetworkError, after further attempts: %s", async (_what, thrown) => {
    vi.spyOn(Math, "random").mockReturnValue(0);
    const { reader, signIn, send } = throwing(thrown);
    await expect(reader.getChannel(id)).rejects.toMatchObject({ name: "NetworkError", cause: thrown });
    expect(send).toHaveBeenCalledTimes(5);
    await expect(signIn()).rejects.toMatchObject({ name: "NetworkError", cause: thrown });
  });
});
