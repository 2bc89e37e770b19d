import type { RequestListener } from "node:http";
import { text } from "node:stream/consumers";
import { createKronicle, defineChannel, type Kronicle, type KronicleOptions, NetworkError, TimeoutError } from "@kronicle/client";
import { createRawClient } from "@kronicle/client/raw";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { startHttpServer } from "../http-server.ts";

const thermometer = defineChannel({ temperature: "float" });
const ID = "6e8bc430-9c3a-4f5c-8d2e-2f1c9a7b4d10";
const CHANNEL = { channel_id: ID, channel_schema: { time: "datetime", temperature: "float" }, op_details: {} };

function problem(status: number, code: string, headers: Record<string, string> = {}): Response {
  const body = { type: "/", title: "No", status, detail: "No.", instance: "/", code, request_id: "1", errors: [] };
  return new Response(JSON.stringify(body), { status, headers: { "Content-Type": "application/problem+json", ...headers } });
}

const success = () => Response.json(CHANNEL);

/** A client whose fetch gives these answers in turn, the last of them for ever, and what it was asked. */
function answering(answers: readonly (() => Response | Promise<Response>)[], options: Partial<KronicleOptions> = {}) {
  const requests: Request[] = [];
  const fetch = async (request: unknown) => {
    if (!(request instanceof Request)) throw new Error("fetch is called with a Request");
    requests.push(request);
    const answer = answers[Math.min(requests.length, answers.length) - 1];
    if (!answer) throw new Error("there is no answer");
    return answer();
  };
  const all = { baseUrl: "http://127.0.0.1:9", token: "x", fetch, ...options };
  return { kronicle: createKronicle(all), raw: createRawClient(all), requests };
}

/** Pauses are random from nothing on. */
beforeEach(() => {
  vi.spyOn(Math, "random").mockReturnValue(0);
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

describe("a read", () => {
  test.each([
    [408, "request_timeout", {}],
    [409, "idempotency_in_progress", { "Retry-After": "0" }],
    [429, "too_many_requests", {}],
    [500, "server_fault", {}],
    [502, "server_fault", {}],
    [503, "not_ready", { "Retry-After": "0" }],
    [504, "server_fault", {}],
  ])("is tried again after a %i", async (status, code, headers) => {
    const { kronicle, requests } = answering([() => problem(status, code, headers), success]);
    expect(await kronicle.reader.getChannel(ID)).toMatchObject({ channel_id: ID });
    expect(requests).toHaveLength(2);
  });

  test.each([400, 401, 403, 404, 409, 412, 413, 422, 501])("is not tried again after a %i", async (status) => {
    const { kronicle, requests } = answering([() => problem(status, "no"), success]);
    await expect(kronicle.reader.getChannel(ID)).rejects.toMatchObject({ status });
    expect(requests).toHaveLength(1);
  });

  test("is tried again after a page of a proxy, and after a connection that was cut", async () => {
    const page = () => new Response("<html>", { status: 502, headers: { "Content-Type": "text/html" } });
    const cut = () => Promise.reject(new TypeError("fetch failed"));
    const { kronicle, requests } = answering([page, cut, success]);
    await kronicle.reader.getChannel(ID);
    expect(requests).toHaveLength(3);
  });

  test("gives up after as many retries as it may have, with the last fault", async () => {
    const { kronicle, requests } = answering([() => problem(503, "not_ready")]);
    await expect(kronicle.reader.getChannel(ID)).rejects.toMatchObject({ name: "ServerError", code: "not_ready" });
    expect(requests).toHaveLength(5);

    const twice = answering([() => Promise.reject(new TypeError("cut"))], { retries: 1 });
    await expect(twice.kronicle.reader.getChannel(ID)).rejects.toThrow(NetworkError);
    expect(twice.requests).toHaveLength(2);

    const once = answering([() => problem(503, "not_ready")], { retries: 0 });
    await expect(once.kronicle.reader.listChannels().page()).rejects.toMatchObject({ code: "not_ready" });
    expect(once.requests).toHaveLength(1);
  });

  test.each<[what: string, fault: RequestListener]>([
    ["before the answer", (request) => request.socket.destroy()],
    [
      "within the answer",
      (_request, response) => {
        response.writeHead(200, { "Content-Type": "application/json", "Content-Length": "1000" });
        response.write('{"channel_id":"', () => response.destroy());
      },
    ],
    [
      "within an answer of unknown length",
      (_request, response) => {
        response.writeHead(200, { "Content-Type": "application/json" });
        response.write('{"channel_id":"', () => response.destroy());
      },
    ],
  ])("is tried again after a real connection that is cut %s", async (_when, fault) => {
    let count = 0;
    await using flaky = await startHttpServer((request, response) => {
      if (++count <= 2) return fault(request, response);
      response.writeHead(200, { "Content-Type": "application/json" }).end(JSON.stringify(CHANNEL));
    });
    const { reader } = createKronicle({ baseUrl: flaky.url, token: "x" });
    expect(await reader.getChannel(ID)).toMatchObject({ channel_id: ID });
    expect(count).toBe(3);
  });
});

describe("a write", () => {
  test("is tried again with the same key and the same body, over real connections", async () => {
    const seen: { key: unknown; body: string }[] = [];
    await using flaky = await startHttpServer(async (request, response) => {
      const body = await text(request);
      if (request.method === "POST") seen.push({ key: request.headers["idempotency-key"], body });
      if (seen.length === 1 || seen.length === 2) return response.destroy();
      response.writeHead(200, { "Content-Type": "application/json" }).end(JSON.stringify(CHANNEL));
    });
    const { writer } = createKronicle({ baseUrl: flaky.url, token: "x" });
    await writer.channel(ID, thermometer).append([{ time: "2024-03-01T00:00:00Z", temperature: 20.5 }]);
    const body = '{"rows":[{"time":"2024-03-01T00:00:00Z","temperature":20.5}]}';
    const uuidV7 = /^"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"$/;
    expect(seen).toEqual(Array.from({ length: 3 }, () => ({ key: seen[0]?.key, body })));
    expect(seen[0]?.key).toMatch(uuidV7);

    await writer.upsertChannel({ name: "thermo-1", schema: thermometer });
    expect(seen[3]?.key).toMatch(uuidV7);
    expect(seen[3]?.key).not.toBe(seen[0]?.key);
  });

  const UNKEYED: [operation: string, call: (kronicle: Kronicle) => Promise<unknown>][] = [
    ["createChannel", ({ setup }) => setup.createChannel({ schema: thermometer })],
    ["replaceChannel", ({ setup }) => setup.replaceChannel(ID, {})],
    ["patchChannel", ({ setup }) => setup.patchChannel(ID, {})],
    ["cloneChannel", ({ setup }) => setup.cloneChannel(ID)],
    ["deleteChannel", ({ setup }) => setup.deleteChannel(ID)],
    ["deleteChannels", ({ setup }) => setup.deleteChannels([ID])],
    ["deleteRows", ({ setup }) => setup.channel(ID, thermometer).deleteRows({ all: true })],
    ["createKey", ({ setup }) => setup.createKey({ lane: "reader" })],
  ];

  test.each(UNKEYED)("that has no key, as %s, is not tried again", async (_operation, call) => {
    for (const fault of [() => problem(503, "not_ready"), () => Promise.reject(new TypeError("cut"))]) {
      const { kronicle, requests } = answering([fault, success]);
      await expect(call(kronicle)).rejects.toMatchObject({ name: expect.stringMatching(/^(Server|Network)Error$/) });
      expect(requests).toHaveLength(1);
    }
  });
});

describe("the pause between two attempts", () => {
  /** Runs the clock, and gives back after how many milliseconds each request was sent. */
  async function timesOf(answers: readonly (() => Response)[], options: Partial<KronicleOptions> = {}) {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "Date", "performance"] });
    vi.setSystemTime("2024-03-01T00:00:00Z");
    const times: number[] = [];
    const timed = answers.map((answer) => () => {
      times.push(performance.now() - start);
      return answer();
    });
    const { kronicle } = answering(timed, options);
    const start = performance.now();
    const outcome = kronicle.reader.getChannel(ID).catch((error: unknown) => error);
    await vi.runAllTimersAsync();
    return { times: times.map(Math.round), outcome: await outcome };
  }

  test("is twice as long each time, up to 8 s, and random from nothing on", async () => {
    vi.spyOn(Math, "random").mockReturnValue(1);
    const longest = await timesOf([() => problem(500, "server_fault")], { retries: 8 });
    expect(longest.times).toEqual([0, 250, 750, 1_750, 3_750, 7_750, 15_750, 23_750, 31_750]);
    vi.spyOn(Math, "random").mockReturnValue(0);
    expect((await timesOf([() => problem(500, "server_fault")])).times).toEqual([0, 0, 0, 0, 0]);
  });

  test("is as long as the service asks, and random beyond that", async () => {
    vi.spyOn(Math, "random").mockReturnValue(0.5);
    const seconds = () => problem(503, "not_ready", { "Retry-After": "7" });
    const date = () => problem(429, "too_many_requests", { "Retry-After": "Fri, 01 Mar 2024 00:00:10 GMT" });
    const past = () => problem(503, "not_ready", { "Retry-After": "Fri, 01 Mar 2019 00:00:00 GMT" });
    const nonsense = () => problem(503, "not_ready", { "Retry-After": "soon" });
    expect((await timesOf([seconds, success])).times).toEqual([0, 7_125]);
    expect((await timesOf([date, success])).times).toEqual([0, 10_125]);
    expect((await timesOf([past, success])).times).toEqual([0, 125]);
    expect((await timesOf([nonsense, success])).times).toEqual([0, 125]);
  });

  test("is left out when it would last beyond the time for all attempts", async () => {
    const later = () => problem(503, "not_ready", { "Retry-After": "4" });
    const { times, outcome } = await timesOf([later], { timeoutMs: 10_000 });
    expect(times).toEqual([0, 4_000, 8_000]);
    expect(outcome).toMatchObject({ name: "ServerError", code: "not_ready", retryAfterMs: 4_000 });
  });
});

describe("time limits", () => {
  const never = () => new Promise<Response>(() => {});

  test("end an attempt, and the next one is made", async () => {
    const { kronicle, requests } = answering([never, success], { attemptTimeoutMs: 20 });
    await kronicle.reader.getChannel(ID);
    expect(requests).toHaveLength(2);
    expect(requests[0]?.signal.aborted).toBe(true);
  });

  test("end the last attempt with a TimeoutError that names the request and the limit", async () => {
    const { kronicle } = answering([never], { attemptTimeoutMs: 20, retries: 1 });
    await expect(kronicle.reader.getChannel(ID)).rejects.toThrow(
      new TimeoutError(`GET http://127.0.0.1:9/api/v1/channels/${ID} took longer than 20 ms.`),
    );
  });

  test("end all attempts together", async () => {
    const { kronicle } = answering([never], { attemptTimeoutMs: 1_000_000, timeoutMs: 20, retries: Infinity });
    await expect(kronicle.reader.getChannel(ID)).rejects.toThrow(/ took longer than 20 ms in all\.$/);
  });

  test("count until the last byte, from a real server", async () => {
    await using slow = await startHttpServer((_request, response) => {
      response.writeHead(200, { "Content-Type": "application/json" });
      response.write('{"channel_id":');
    });
    const { reader } = createKronicle({ baseUrl: slow.url, token: "x", attemptTimeoutMs: 50, retries: 0 });
    await expect(reader.getChannel(ID)).rejects.toThrow(TimeoutError);
  });

  test("count for a token that does not come", async () => {
    const token = () => new Promise<string>(() => {});
    const { kronicle } = answering([success], { token, attemptTimeoutMs: 20, retries: 0 });
    await expect(kronicle.reader.getChannel(ID)).rejects.toThrow(TimeoutError);
  });

  test("let an export take as long as it likes, and none of its pieces", async () => {
    const line = '{"time":"2024-03-01T00:00:00Z","temperature":1}\n';
    await using server = await startHttpServer(async (request, response) => {
      if (!request.url?.includes("/export")) {
        response.writeHead(200, { "Content-Type": "application/json" }).end(JSON.stringify(CHANNEL));
        return;
      }
      response.writeHead(200, { "Content-Type": "application/x-ndjson" });
      for (let piece = 0; piece < 6; piece++) {
        response.write(line);
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
    });
    const { reader } = createKronicle({ baseUrl: server.url, token: "x", attemptTimeoutMs: 400, retries: 0 });
    let count = 0;
    const read = async () => {
      for await (const { temperature } of reader.channel(ID, thermometer).ndjson()) count += temperature;
    };
    await expect(read()).rejects.toThrow(/took longer than 400 ms for a piece\.$/);
    expect(count).toBe(6);
  });

  test.each([
    ["retries", -1],
    ["retries", NaN],
    ["attemptTimeoutMs", 0],
    ["attemptTimeoutMs", "30" as never],
    ["timeoutMs", -Infinity],
  ])("that make no sense are refused: %s of %s", (name, value) => {
    expect(() => answering([], { [name]: value })).toThrow(new RegExp(`^${name} has to be a number, and at least [01]\\.$`));
  });
});

describe("a signal", () => {
  const never = () => new Promise<Response>(() => {});

  test("gives up an attempt, with its reason", async () => {
    const { kronicle, requests } = answering([never]);
    const reason = new Error("no longer needed");
    const controller = new AbortController();
    const outcome = kronicle.reader.getChannel(ID, { signal: controller.signal });
    await vi.waitFor(() => expect(requests).toHaveLength(1));
    controller.abort(reason);
    await expect(outcome).rejects.toBe(reason);
    expect(requests[0]?.signal.aborted).toBe(true);
  });

  test.each([null, 0, "", false])("gives up with its reason even when that is %j", async (reason) => {
    const { kronicle } = answering([never]);
    const controller = new AbortController();
    const outcome = kronicle.reader.getChannel(ID, { signal: controller.signal });
    setTimeout(() => controller.abort(reason), 10);
    await expect(outcome).rejects.toBe(reason);
  });

  test("gives up a pause, and there is no further attempt", async () => {
    const { kronicle, requests } = answering([() => problem(503, "not_ready", { "Retry-After": "60" })]);
    const controller = new AbortController();
    const outcome = kronicle.reader.getChannel(ID, { signal: controller.signal });
    await vi.waitFor(() => expect(requests).toHaveLength(1));
    controller.abort();
    await expect(outcome).rejects.toMatchObject({ name: "AbortError" });
    expect(requests).toHaveLength(1);
  });

  test("that was given before keeps a call from being made, whatever it is", async () => {
    const { kronicle, raw, requests } = answering([success]);
    const { reader, writer, setup, service } = kronicle;
    const options = { signal: AbortSignal.abort(new Error("too late")) };
    const channel = reader.channel(ID, thermometer);
    const admin = setup.channel(ID, thermometer);
    const calls = [
      reader.getChannel(ID, options),
      reader.listChannels({}, options).page(),
      channel.get(options),
      channel.rows({}, options).page(),
      channel.latest(options),
      channel.columns({}, options),
      channel.ndjson({}, options).next(),
      channel.csv({}, options),
      writer.upsertChannel({ name: "x", schema: thermometer }, options),
      writer.channel(ID, thermometer).append([{ temperature: 1 }], options),
      admin.deleteRows({ all: true }, options),
      setup.createChannel({ schema: thermometer }, options),
      setup.replaceChannel(ID, {}, options),
      setup.patchChannel(ID, {}, options),
      setup.cloneChannel(ID, {}, options),
      setup.deleteChannel(ID, options),
      setup.deleteChannels([ID], options),
      setup.createKey({ lane: "reader" }, options),
      setup.listColumnTypes(options),
      setup.capabilities(options),
      service.live(options),
      service.ready(options),
      service.version(options),
      service.contract(options),
      service.contractYaml(options),
      raw.GET("/api/v1/channels", options),
    ];
    for (const outcome of await Promise.allSettled<unknown>(calls)) {
      expect(outcome).toMatchObject({ status: "rejected", reason: { message: "too late" } });
    }
    expect(requests).toEqual([]);
  });

  test("gives up an export that is under way, with its reason, and the connection with it", async () => {
    const closed = Promise.withResolvers<void>();
    await using endless = await startHttpServer((_request, response) => {
      response.writeHead(200, { "Content-Type": "text/csv" });
      response.write("time,temperature\r\n");
      response.on("close", closed.resolve);
    });
    const controller = new AbortController();
    const { reader } = createKronicle({ baseUrl: endless.url, token: "x" });
    const stream = (await reader.channel(ID, thermometer).csv({}, { signal: controller.signal })).getReader();
    expect(await stream.read()).toMatchObject({ done: false });
    const next = stream.read();
    const reason = new Error("enough");
    controller.abort(reason);
    await expect(next).rejects.toBe(reason);
    await closed.promise;
  });

  test("leaves nothing behind on a signal that lives long", async () => {
    const { kronicle } = answering([success]);
    const { signal } = new AbortController();
    const added = vi.spyOn(signal, "addEventListener");
    const removed = vi.spyOn(signal, "removeEventListener");
    for (let count = 0; count < 5; count++) await kronicle.reader.getChannel(ID, { signal });
    expect(removed.mock.calls.length).toBe(added.mock.calls.length);
  });
});
