/**
 * The route table, row by row, as someone walks it who has nothing but HTTP: a server process of its own, and fetch. The tests are one
 * story, and build on one another.
 */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createTestDatabase } from "../support/database.ts";
import { environmentFor, startServerProcess } from "../support/process.ts";
import { KEYS } from "../support/server.ts";
import { OPERATIONS } from "../contract/document.ts";

/** Signing in, users and keys have a table of their own. */
const ELSEWHERE = /^\w+ \/(?:auth|rbac|metrics|\.well-known)\b/;

const ID = "6e8bc430-9c3a-4f5c-8d2e-2f1c9a7b4d10";
const NEXT_ID = "33333333-0000-4000-8000-000000000000";
const LANES = [
  ["reader", "/api/v1"],
  ["writer", "/data/v1"],
  ["admin", "/setup/v1"],
] as const;

let database: Awaited<ReturnType<typeof createTestDatabase>>;
let server: Awaited<ReturnType<typeof startServerProcess>>;
beforeAll(async () => {
  database = await createTestDatabase();
  server = await startServerProcess({ ...environmentFor(database.settings), KRONICLE_BODY_LIMIT: "65536" });
});
afterAll(async () => {
  await server?.[Symbol.asyncDispose]();
  await database?.[Symbol.asyncDispose]();
});

type Lane = keyof typeof KEYS | "nobody";
type Options = { id?: string; query?: string; json?: unknown; text?: string; headers?: Record<string, string> };

const walked = new Set<string>();

/** @param route as the contract writes it: `GET /api/v1/channels/{channel_id}`. */
async function send(lane: Lane, route: string, { id = ID, query = "", json, text, headers = {} }: Options = {}) {
  walked.add(route);
  const [method = "", template = ""] = route.split(" ");
  const path = template
    .replace("{channel_id}", id)
    .replace("{asset}", "docs.css")
    .replace("{code}", "row_invalid")
    .replace("{key}", "room");
  const response = await fetch(`${server.url}${path}${query}`, {
    method,
    headers: {
      ...(lane === "nobody" ? {} : { authorization: `Bearer ${KEYS[lane]}` }),
      ...(json === undefined ? {} : { "content-type": "application/json" }),
      ...headers,
    },
    ...(json === undefined && text === undefined ? {} : { body: text ?? JSON.stringify(json) }),
  });
  const body = await response.text();
  const type = response.headers.get("content-type")?.split(";")[0] ?? "";
  const isJson = ["application/json", "application/problem+json"].includes(type);
  return { status: response.status, type, headers: response.headers, body: isJson ? JSON.parse(body) : body };
}

const TIME = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{6})?Z$/);

/** The literal shape of a channel: these members, and no others. */
const EMPTY = {
  channel_id: ID,
  name: "thermo-1",
  channel_name: "thermo-1",
  channel_schema: { time: "datetime", temperature: "float", note: "optional[str]" },
  column_info: { temperature: { unit: "Cel", description: "air, 2 m" } },
  metadata: { site: "roof" },
  tags: { room: "lab", floor: 3 },
  density: "normal",
  created_at: TIME,
  updated_at: TIME,
  available_rows: 0,
  first_time: null,
  last_time: null,
};
const FILLED = { ...EMPTY, available_rows: 2, first_time: "2024-03-01T00:00:00Z", last_time: "2024-03-01T00:01:00.500000Z" };
const ROWS = [
  { time: "2024-03-01T00:00:00Z", temperature: 20.5, note: "window opened" },
  { time: "2024-03-01T00:01:00.500000Z", temperature: 20.6, note: null },
];
const { channel_schema, column_info, metadata, tags } = EMPTY;
const DEFINITION = { channel_id: ID, name: "thermo-1", channel_schema, column_info, metadata, tags };

describe("setup: channels", () => {
  test("POST creates with 201 and Location", async () => {
    const { status, headers, body } = await send("admin", "POST /setup/v1/channels", { json: DEFINITION });
    expect([status, headers.get("location")]).toEqual([201, `/api/v1/channels/${ID}`]);
    expect(body).toEqual(EMPTY);
    expect(headers.get("etag")).toMatch(/^".+"$/);
    expect(await send("admin", "POST /setup/v1/channels", { json: DEFINITION })).toMatchObject({ status: 409 });
  });

  test.each(["PUT /setup/v1/channels/{channel_id}", "PUT /setup/v1/channels"])(
    "%s creates with 201, then replaces",
    async (route) => {
      const isById = route.includes("{");
      const id = crypto.randomUUID();
      const put = (json: object) => send("admin", route, { id, json: isById ? json : { channel_id: id, ...json } });
      expect(await put({ channel_schema, tags })).toMatchObject({
        status: 201,
        body: { channel_id: id, name: null, metadata: {}, tags },
      });
      expect(await put({ metadata })).toMatchObject({ status: 200, body: { channel_schema, metadata, tags } });
      expect(await put({ channel_schema: { a: "str" } })).toMatchObject({ status: 409, body: { code: "schema_conflict" } });
      expect(await send("admin", "DELETE /setup/v1/channels/{channel_id}", { id })).toMatchObject({ status: 200 });
    },
  );

  test("PATCH merges, and null removes a key", async () => {
    const patch = (json: object) => send("admin", "PATCH /setup/v1/channels/{channel_id}", { json });
    expect(await patch({ tags: { extra: true } })).toMatchObject({ status: 200, body: { tags: { ...tags, extra: true } } });
    const { status, body } = await patch({ tags: { extra: null } });
    expect([status, body]).toEqual([200, EMPTY]);
  });

  test("clone makes a channel of the same definition without rows", async () => {
    const { status, body } = await send("admin", "POST /setup/v1/channels/{channel_id}/clone", { json: {} });
    expect([status, body]).toEqual([
      201,
      { ...EMPTY, channel_id: expect.any(String), name: "thermo-1_copy", channel_name: "thermo-1_copy" },
    ]);

    const json = { channel_ids: [body.channel_id, NEXT_ID] };
    const deleted = await send("admin", "POST /setup/v1/channels/batch-delete", { json });
    expect([deleted.status, deleted.body]).toEqual([
      200,
      [
        { channel_id: body.channel_id, deleted: true },
        { channel_id: NEXT_ID, deleted: false, code: "channel_not_found" },
      ],
    ]);
  });

  test.each(["GET /setup/v1/channels/columns/types", "GET /setup/v1/schemas/column_types"])(
    "%s is an array of names",
    async (route) => {
      const { status, body } = await send("admin", route);
      expect([status, body]).toEqual([200, ["str", "int", "int64", "float", "bool", "uuid", "datetime", "dict", "list"]]);
    },
  );

  test("capabilities tell the database, its edition and the walls", async () => {
    const { status, body } = await send("admin", "GET /setup/v1/capabilities");
    expect(status).toBe(200);
    expect(Object.keys(body)).toEqual(["database", "timescaledb", "features", "walls"]);
  });
});

describe("writing", () => {
  const written = (more: object) => ({
    ...FILLED,
    op_status: "success",
    op_details: {
      provided_rows: 1,
      inserted_rows: 1,
      rejected_rows: 0,
      ignored_rows: 0,
      available_rows: 2,
      details: [],
      ...more,
    },
  });

  test("rows are appended on the writer's lane and on the admin's", async () => {
    const first = await send("writer", "POST /data/v1/channels/{channel_id}/rows", { json: { rows: ROWS.slice(0, 1) } });
    expect(first).toMatchObject({ status: 200, body: { op_details: { available_rows: 1 } } });
    const { status, body } = await send("admin", "POST /setup/v1/channels/{channel_id}/rows", { json: { rows: ROWS.slice(1) } });
    expect([status, body]).toEqual([200, written({})]);
  });

  test("a good row beside a bad one is stored when strict=false, and the bad one reported", async () => {
    const rows = [{ temperature: 1 }, { temperature: "warm" }];
    const id = NEXT_ID;
    const json = { channel_id: id, channel_schema, rows };
    const { status, body } = await send("writer", "POST /data/v1/channels", { query: "?strict=false", json });
    expect([status, body.op_status]).toEqual([201, "warning"]);
    expect(body.op_details).toEqual({
      provided_rows: 2,
      inserted_rows: 1,
      rejected_rows: 1,
      ignored_rows: 0,
      available_rows: 1,
      details: [{ message: expect.any(String), field: "rows", subfield: "/rows/1/temperature", code: "not_a_number" }],
    });
    await send("admin", "DELETE /setup/v1/channels/{channel_id}", { id });
  });

  test("POST /data/v1/channels appends by name, also by its older word, and leaves alone what is absent", async () => {
    const upsert = (json: object) => send("writer", "POST /data/v1/channels", { json });
    const { status, body } = await upsert({ name: "thermo-1" });
    expect([status, body]).toEqual([200, written({ provided_rows: 0, inserted_rows: 0 })]);
    expect(await upsert({ channel_name: "thermo-1" })).toMatchObject({ status: 200, body: FILLED });
    expect(await upsert({ name: "thermo-1", channel_id: NEXT_ID })).toMatchObject({ status: 409 });
    expect(await upsert({ metadata })).toMatchObject({ status: 400 });
  });

  test.each([
    ["application/x-ndjson", '{"time":"2024-01-01T00:00:00Z","temperature":1}\n'],
    ["text/csv", "time,temperature\r\n2024-01-01T00:00:00Z,1\r\n"],
  ])("rows come as %s as well", async (type, text) => {
    const id = NEXT_ID;
    await send("writer", "POST /data/v1/channels", { json: { channel_id: id, channel_schema } });
    const headers = { "content-type": type };
    const { status, body } = await send("writer", "POST /data/v1/channels/{channel_id}/rows", { id, text, headers });
    expect([status, body.op_details]).toMatchObject([200, { inserted_rows: 1, available_rows: 1 }]);
    await send("admin", "DELETE /setup/v1/channels/{channel_id}", { id });
  });
});

describe.each(LANES)("reading on the %s lane", (lane, base) => {
  test("lists channels as an array", async () => {
    const { status, body } = await send(lane, `GET ${base}/channels`);
    expect([status, body]).toEqual([200, [FILLED]]);
    for (const query of ["?name=thermo-1", "?tags=floor:3&tags=room&metadata=site:roof"]) {
      expect((await send(lane, `GET ${base}/channels`, { query })).body).toEqual([FILLED]);
    }
    expect((await send(lane, `GET ${base}/channels`, { query: "?tags=floor:4" })).body).toEqual([]);
  });

  test("gets one channel", async () => {
    const { status, body } = await send(lane, `GET ${base}/channels/{channel_id}`);
    expect([status, body]).toEqual([200, FILLED]);
  });

  test("reads rows, newest first, with the channel", async () => {
    const { status, body } = await send(lane, `GET ${base}/channels/{channel_id}/rows`);
    const details = { has_more: false, next_cursor: null, op_details: { provided_rows: 2, available_rows: 2 } };
    expect([status, body]).toEqual([200, { ...FILLED, rows: ROWS.toReversed(), ...details }]);
    const page = await send(lane, `GET ${base}/channels/{channel_id}/rows`, { query: "?limit=1&sort=time" });
    expect(page.body).toMatchObject({ rows: ROWS.slice(0, 1), has_more: true, next_cursor: expect.any(String) });
    const query = `?limit=1&sort=time&cursor=${page.body.next_cursor}`;
    const last = await send(lane, `GET ${base}/channels/{channel_id}/rows`, { query });
    expect(last.body).toMatchObject({ rows: ROWS.slice(1), has_more: false, next_cursor: null });
  });

  test("reads the same as columns", async () => {
    const { status, body } = await send(lane, `GET ${base}/channels/{channel_id}/columns`, { query: "?sort=time" });
    const columns = {
      // One of them has a fraction, so all of them are written with one.
      time: ["2024-03-01T00:00:00.000000Z", "2024-03-01T00:01:00.500000Z"],
      temperature: ROWS.map(({ temperature }) => temperature),
      note: ROWS.map(({ note }) => note),
    };
    const details = { has_more: false, next_cursor: null, op_details: { provided_rows: 2, available_rows: 2 } };
    expect([status, body]).toEqual([200, { ...FILLED, columns, ...details }]);
  });

  test("exports the same as NDJSON and as CSV", async () => {
    const route = `GET ${base}/channels/{channel_id}/rows/export`;
    const ndjson = await send(lane, route, { query: "?sort=time" });
    expect([ndjson.status, ndjson.type]).toEqual([200, "application/x-ndjson"]);
    expect(ndjson.body).toBe(ROWS.map((row) => `${JSON.stringify(row)}\n`).join(""));
    expect(ndjson.headers.get("content-disposition")).toBe('attachment; filename="thermo-1.ndjson"');
    const csv = await send(lane, route, { query: "?sort=time&format=csv" });
    expect([csv.status, csv.type]).toEqual([200, "text/csv"]);
    expect(csv.body).toBe(
      'time,temperature,note\r\n2024-03-01T00:00:00.000000Z,20.5,"window opened"\r\n2024-03-01T00:01:00.500000Z,20.6,\r\n',
    );
  });
});

describe("asking on the api lane", () => {
  const CHANNEL = "GET /api/v1/channels/{channel_id}";
  const buckets = {
    channel_id: ID,
    name: "thermo-1",
    bucket: "PT1M",
    tz: "UTC",
    from: "2024-03-01T00:00:00Z",
    to: "2024-03-01T00:02:00Z",
    has_more: false,
    next_cursor: null,
  };
  const minutes = "bucket=1m&from=2024-03-01T00:00:00Z&to=2024-03-01T00:02:00Z&fn[temperature]=avg";

  test("aggregates rows, as buckets, as columns and as files", async () => {
    const rows = await send("reader", `${CHANNEL}/rows/aggregate`, { query: `?${minutes}` });
    const found = [
      { time: "2024-03-01T00:00:00Z", end: "2024-03-01T00:01:00Z", count: 1, values: { temperature: { avg: 20.5 } } },
      { time: "2024-03-01T00:01:00Z", end: "2024-03-01T00:02:00Z", count: 1, values: { temperature: { avg: 20.6 } } },
    ];
    expect([rows.status, rows.body]).toEqual([200, { ...buckets, buckets: found }]);
    const columns = await send("reader", `${CHANNEL}/columns/aggregate`, { query: `?${minutes}` });
    const turned = {
      time: found.map(({ time }) => time),
      end: found.map(({ end }) => end),
      count: [1, 1],
      values: { temperature: { avg: [20.5, 20.6] } },
    };
    expect([columns.status, columns.body]).toEqual([200, { ...buckets, ...turned, partial: {}, coverage: {}, filled: {} }]);
    const csv = await send("reader", `${CHANNEL}/rows/aggregate/export`, { query: `?${minutes}&format=csv` });
    expect([csv.status, csv.type]).toEqual([200, "text/csv"]);
    expect(csv.headers.get("content-disposition")).toBe('attachment; filename="thermo-1-aggregate.csv"');
    expect(csv.body.split("\r\n")[0]).toBe("time,end,count,partial,coverage,filled,temperature.avg");
  });

  test("samples rows", async () => {
    const { status, body } = await send("reader", `${CHANNEL}/rows/sample`, { query: "?column=temperature" });
    expect([status, body]).toEqual([200, { ...FILLED, rows: ROWS, sampled_from: 2 }]);
  });

  test("says what is latest, of one channel and of all", async () => {
    const one = await send("reader", `${CHANNEL}/latest`);
    expect([one.status, one.body]).toMatchObject([200, { ...FILLED, row: ROWS[1] }]);
    const all = await send("reader", "GET /api/v1/latest", { query: "?name=thermo-1" });
    expect([all.status, all.body]).toMatchObject([200, [{ channel_id: ID, name: "thermo-1", tags, row: ROWS[1], stale: true }]]);
  });

  test("lists tags and their values", async () => {
    const keys = await send("reader", "GET /api/v1/tags");
    expect([keys.status, keys.body]).toEqual([200, expect.arrayContaining([{ key: "room", channels: 1 }])]);
    const values = await send("reader", "GET /api/v1/tags/{key}/values");
    expect([values.status, values.body]).toEqual([200, [{ value: "lab", channels: 1 }]]);
  });
});

describe("setup: deleting", () => {
  const route = "DELETE /setup/v1/channels/{channel_id}/rows";

  test("rows are counted with dry_run, deleted by filters, then all of them", async () => {
    const { status, body } = await send("admin", route, { query: "?dry_run=true&min[temperature]=20.6" });
    const op_details = { deleted_rows: 1, available_rows: 2, dry_run: true };
    expect([status, body]).toEqual([200, { ...FILLED, op_details }]);
    const some = await send("admin", route, { query: "?min[temperature]=20.6" });
    expect(some.body.op_details).toEqual({ deleted_rows: 1, available_rows: 1, dry_run: false });
    expect((await send("admin", route, { query: "?all=true" })).body).toMatchObject({
      ...EMPTY,
      op_details: { deleted_rows: 1, available_rows: 0 },
    });
  });

  test("a channel is answered with as it was, and is gone", async () => {
    const { status, body } = await send("admin", "DELETE /setup/v1/channels/{channel_id}");
    expect([status, body]).toEqual([200, EMPTY]);
    expect(await send("admin", "GET /setup/v1/channels/{channel_id}")).toMatchObject({ status: 404 });
  });
});

describe("service", () => {
  test.each([
    ["GET /health/live", "application/json", { status: "alive" }],
    ["GET /health/ready", "application/json", { status: "ready" }],
    ["GET /health/version", "application/json", { server: expect.any(String), contract: expect.any(String) }],
    ["GET /openapi.json", "application/json", expect.objectContaining({ openapi: "3.1.0" })],
    ["GET /openapi.yaml", "application/yaml", expect.stringMatching(/^openapi: 3\.1\.0\n/)],
    ["GET /docs", "text/html", expect.stringContaining("<!doctype html>")],
    ["GET /docs/{asset}", "text/css", expect.stringContaining("{")],
    ["GET /problems/{code}", "text/html", expect.stringContaining("<!doctype html>")],
    ["GET /problems", "text/html", expect.stringContaining("<h1>Problems</h1>")],
  ])("%s is open to all", async (route, type, shape) => {
    const { status, type: given, body } = await send("nobody", route);
    expect([status, given]).toEqual([200, type]);
    expect(body).toEqual(shape);
  });
});

describe("errors", () => {
  const LIST = "GET /api/v1/channels";
  const CREATE = "POST /setup/v1/channels";
  const large = { name: "x".repeat(70_000) };

  test.each<[number, string, Lane, string, Options]>([
    [400, "request_invalid", "reader", LIST, { query: "?page=1" }],
    [401, "credential_missing", "nobody", LIST, {}],
    [401, "credential_invalid", "nobody", LIST, { headers: { authorization: "Bearer x" } }],
    [403, "role_too_low", "writer", CREATE, { json: {} }],
    [404, "channel_not_found", "reader", "GET /api/v1/channels/{channel_id}", { id: NEXT_ID }],
    [406, "not_acceptable", "reader", LIST, { headers: { accept: "image/png" } }],
    [412, "precondition_failed", "admin", "PUT /setup/v1/channels/{channel_id}", { json: {}, headers: { "if-match": '"1"' } }],
    [413, "body_too_large", "admin", CREATE, { json: large }],
    [415, "media_type_unsupported", "admin", CREATE, { text: "a,b", headers: { "content-type": "text/csv" } }],
  ])("%i %s is a problem of the literal shape", async (status, code, lane, route, options) => {
    const answer = await send(lane, route, options);
    expect([answer.status, answer.type]).toEqual([status, "application/problem+json"]);
    expect(answer.body).toEqual({
      type: `/problems/${code}`,
      title: expect.any(String),
      status,
      detail: expect.any(String),
      instance: expect.stringMatching(/^\/[^?]+$/),
      code,
      request_id: answer.headers.get("x-request-id"),
      trace_id: expect.stringMatching(/^[0-9a-f]{32}$/),
      errors: expect.any(Array),
    });
    expect(answer.headers.has("www-authenticate")).toBe(status === 401);
  });

  test("404 and 405 are the answers to what is not in the table", async () => {
    const unknown = await fetch(`${server.url}/api/v1/nothing`);
    expect([unknown.status, await unknown.json()]).toMatchObject([404, { code: "path_not_found" }]);
    const other = await fetch(`${server.url}/api/v1/channels`, { method: "DELETE" });
    expect([other.status, other.headers.get("allow")]).toEqual([405, "GET, HEAD"]);
  });
});

test("every row of the contract was walked, and no other", () => {
  const rows = OPERATIONS.map(({ method, path }) => `${method.toUpperCase()} ${path}`).filter((row) => !ELSEWHERE.test(row));
  expect([...walked].toSorted()).toEqual(rows.toSorted());
});
