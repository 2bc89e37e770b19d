import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { ConfigError, readConfig } from "../../server/src/config/config.ts";
import { createTestDatabase, type TestDatabase } from "../support/database.ts";
import { type OtlpReceiver, startOtlpReceiver } from "../support/network/otlp-receiver.ts";
import { type Environment, environmentFor, startServerProcess } from "../support/process.ts";
import { KEYS } from "../support/server.ts";

const TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
const CALLER = "00f067aa0ba902b7";
const SERVER_KIND = 2;

const answer = z.looseObject({ channel_id: z.string().optional(), trace_id: z.string().optional(), code: z.string().optional() });

let receiver: OtlpReceiver;
let database: TestDatabase;
beforeAll(async () => {
  receiver = await startOtlpReceiver();
  database = await createTestDatabase();
});
afterAll(async () => {
  await database[Symbol.asyncDispose]();
  await receiver[Symbol.asyncDispose]();
});

type Send = (method: string, path: string, body?: unknown, headers?: Record<string, string>) => Promise<z.infer<typeof answer>>;

/** Runs a server with these settings, stops it, and returns what it wrote to its log. */
async function serve(settings: Environment, use: (send: Send) => Promise<void>): Promise<string> {
  await using server = await startServerProcess({ ...environmentFor(database.settings), ...settings });
  await use(async (method, path, body, headers = {}) => {
    const response = await fetch(server.url + path, {
      method,
      headers: { Authorization: `Bearer ${KEYS.admin}`, "Content-Type": "application/json", ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return answer.parse(await response.json());
  });
  expect(await server.end("SIGTERM")).toEqual({ code: 0, signal: null });
  return server.stderr();
}

describe("a server with a collector", () => {
  let log: string;
  let refused: z.infer<typeof answer>;
  beforeAll(async () => {
    const settings = {
      OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
      OTEL_EXPORTER_OTLP_PROTOCOL: "http/json",
      OTEL_EXPORTER_OTLP_HEADERS: "x-collector-token=collector-secret",
      OTEL_SERVICE_NAME: "plant-7",
      OTEL_RESOURCE_ATTRIBUTES: "deployment.environment.name=test",
    };
    log = await serve(settings, async (send) => {
      const { channel_id: id } = await send("POST", "/setup/v1/channels", { channel_schema: { value: "float" } });
      const append = (trace: string) =>
        send("POST", `/data/v1/channels/${id}/rows`, { rows: [{ value: 1 }] }, { traceparent: `00-${trace}-${CALLER}-01` });
      await append(TRACE);
      await Promise.all(Array.from({ length: 40 }, (_, index) => append(`${index}`.padStart(32, "a"))));
      await send("GET", `/api/v1/channels/${id}/rows`, undefined, { traceparent: `00-${"b".repeat(32)}-${CALLER}-00` });
      await send("GET", "/nowhere", undefined, { traceparent: `00-${"c".repeat(32)}-${CALLER}-01` });
      refused = await send("GET", "/api/v1/channels/x?limit=1", undefined, { traceparent: "nonsense" });
    });
  }, 120_000);

  test("sends its spans to the path and with the headers that the environment names, the last of them before it stops", () => {
    expect(receiver.deliveries.length).toBeGreaterThan(0);
    for (const { path, header } of receiver.deliveries) expect([path, header]).toEqual(["/v1/traces", "collector-secret"]);
    expect(log).not.toContain("collector-secret");
    for (const { resource } of receiver.spans()) {
      expect(resource).toMatchObject({ "service.name": "plant-7", "deployment.environment.name": "test" });
    }
  });

  test("goes on with the trace of the caller: the request, the group commit in it, and the statements in that", () => {
    const spans = receiver.spans().filter(({ traceId }) => traceId === TRACE);
    const request = spans.find(({ kind }) => kind === SERVER_KIND);
    expect(request).toMatchObject({
      name: "POST /data/v1/channels/{channel_id}/rows",
      parentSpanId: CALLER,
      attributes: {
        "http.request.method": "POST",
        "http.route": "/data/v1/channels/{channel_id}/rows",
        "http.response.status_code": 200,
        "kronicle.operation": "appendRows",
      },
    });
    const group = spans.find(({ name }) => name === "store group");
    expect(group).toMatchObject({ parentSpanId: request?.spanId, attributes: { "kronicle.group.appends": 1 } });
    const statements = spans.filter(({ name }) => name === "slonik.executeQuery");
    expect(statements.some(({ parentSpanId }) => parentSpanId === group?.spanId)).toBe(true);
    const known = new Set([CALLER, ...spans.map(({ spanId }) => spanId)]);
    expect(spans.filter(({ parentSpanId }) => !known.has(parentSpanId ?? ""))).toEqual([]);
  });

  test("links a group commit with every request that shares it, both ways", () => {
    const shared = receiver
      .spans()
      .filter(({ name, attributes }) => name === "store group" && Number(attributes["kronicle.group.appends"]) > 1);
    expect(shared.length).toBeGreaterThan(0);
    for (const group of shared) {
      expect(group.links).toHaveLength(Number(group.attributes["kronicle.group.appends"]) - 1);
      for (const link of group.links) {
        const request = receiver.spans().find(({ spanId }) => spanId === link.spanId);
        expect(request).toMatchObject({ kind: SERVER_KIND, traceId: link.traceId });
        expect(request?.links).toContainEqual(expect.objectContaining({ spanId: group.spanId, traceId: group.traceId }));
      }
    }
    const stored = receiver
      .spans()
      .filter(({ name }) => name === "store group")
      .reduce((sum, { attributes }) => sum + Number(attributes["kronicle.group.appends"]), 0);
    expect(stored).toBe(41);
  });

  test("leaves out what the caller does not want, and all that belongs to no request", () => {
    const ofCaller = receiver.spans().filter(({ traceId }) => traceId === "b".repeat(32));
    expect(ofCaller).toEqual([]);
    const roots = receiver.spans().filter(({ parentSpanId }) => !parentSpanId);
    expect(new Set(roots.map(({ kind }) => kind))).toEqual(new Set([SERVER_KIND]));
    expect(receiver.spans().filter(({ name }) => name.startsWith("slonik.interceptor."))).toEqual([]);
  });

  test("tells a refusal from a failure, and names neither path nor caller", () => {
    const refused = receiver.spans().find(({ traceId }) => traceId === "c".repeat(32));
    expect(refused).toMatchObject({
      name: "GET",
      attributes: { "kronicle.problem": "path_not_found", "http.response.status_code": 404 },
    });
    expect(refused?.status.code ?? 0).toBe(0);
    expect(JSON.stringify(receiver.spans())).not.toContain("nowhere");
  });

  test("has the same trace in its log", () => {
    const lines = log
      .trim()
      .split("\n")
      .map((line) =>
        z.looseObject({ trace_id: z.string().optional(), operation: z.string().optional() }).parse(JSON.parse(line)),
      );
    expect(lines.filter(({ trace_id }) => trace_id === TRACE)).toMatchObject([{ operation: "appendRows" }]);
    // One that begins here, for want of a good traceparent.
    expect(lines.filter(({ trace_id }) => trace_id === refused.trace_id)).toMatchObject([{ operation: "getChannel" }]);
    expect(receiver.spans().map(({ traceId }) => traceId)).toContain(refused.trace_id);
  });
});

describe("a server", () => {
  test("speaks protobuf, unless it is told otherwise", async () => {
    await using other = await startOtlpReceiver();
    await serve({ OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: `${other.url}/custom` }, async (send) => {
      await send("GET", "/health/live");
    });
    expect(other.deliveries).toMatchObject([{ path: "/custom", contentType: "application/x-protobuf" }]);
    expect(other.deliveries[0]?.bytes.toString("latin1")).toContain("GET /health/live");
  });

  test("samples by the ratio that it is given, and always as the caller has decided", async () => {
    await using other = await startOtlpReceiver();
    const settings = {
      OTEL_EXPORTER_OTLP_ENDPOINT: other.url,
      OTEL_EXPORTER_OTLP_PROTOCOL: "http/json",
      OTEL_TRACES_SAMPLER: "parentbased_traceidratio",
      OTEL_TRACES_SAMPLER_ARG: "0",
    };
    await serve(settings, async (send) => {
      await send("GET", "/health/live");
      await send("GET", "/health/live", undefined, { traceparent: `00-${TRACE}-${CALLER}-01` });
    });
    expect(other.spans()).toMatchObject([{ traceId: TRACE, name: "GET /health/live" }]);
  });

  test("works and stops in time when the collector is gone, and says so in its log", async () => {
    const gone = await startOtlpReceiver();
    await gone[Symbol.asyncDispose]();
    const log = await serve({ OTEL_EXPORTER_OTLP_ENDPOINT: gone.url }, async (send) => {
      await send("GET", "/health/live");
    });
    expect(log).toContain('"msg":"tracing"');
  });

  test.each([
    ["without an endpoint", {}],
    ["that is told not to trace", { OTEL_SDK_DISABLED: "true" }],
    ["whose spans go nowhere", { OTEL_TRACES_EXPORTER: "none" }],
  ])("%s sends nothing, and tells trace ids all the same", async (_what, settings) => {
    const before = receiver.deliveries.length;
    const endpoint =
      Object.keys(settings).length > 0 ? { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url, OTEL_EXPORTER_OTLP_PROTOCOL: "grpc" } : {};
    const log = await serve({ ...endpoint, ...settings }, async (send) => {
      expect(await send("GET", "/nowhere", undefined, { traceparent: `00-${TRACE}-${CALLER}-01` })).toMatchObject({
        trace_id: TRACE,
      });
    });
    expect(log).toContain(`"trace_id":"${TRACE}"`);
    expect(receiver.deliveries).toHaveLength(before);
  });
});

describe("the configuration of tracing", () => {
  const on = { OTEL_EXPORTER_OTLP_ENDPOINT: "http://collector:4318" };

  test("is as OpenTelemetry says", () => {
    expect(readConfig({}).tracing).toBeNull();
    expect(readConfig(on).tracing).toEqual({
      protocol: "http/protobuf",
      timeoutMs: 3_000,
      sampler: "parentbased_always_on",
      ratio: 1,
    });
    const more = {
      OTEL_EXPORTER_OTLP_PROTOCOL: "HTTP/JSON",
      OTEL_EXPORTER_OTLP_TIMEOUT: "500",
      OTEL_TRACES_SAMPLER: "traceidratio",
      OTEL_TRACES_SAMPLER_ARG: "0.25",
    };
    expect(readConfig({ ...on, ...more }).tracing).toEqual({
      protocol: "http/json",
      timeoutMs: 500,
      sampler: "traceidratio",
      ratio: 0.25,
    });
  });

  test.each([
    ["OTEL_EXPORTER_OTLP_ENDPOINT", "hunter2"],
    ["OTEL_EXPORTER_OTLP_PROTOCOL", "grpc"],
    ["OTEL_TRACES_SAMPLER", "hunter2"],
    ["OTEL_TRACES_SAMPLER_ARG", "hunter2"],
    ["OTEL_TRACES_SAMPLER_ARG", "1.5"],
  ])("refuses %s=%s by its name", (name, value) => {
    expect(() => readConfig({ ...on, [name]: value })).toThrow(ConfigError);
    expect(() => readConfig({ ...on, [name]: value })).toThrow(`\n  ${name}: `);
  });
});
