import { createLogger } from "@kronicle/server/logger";
import { randomUUID } from "node:crypto";
import { beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { createChannel } from "../support/channels.ts";
import { createTestDatabase } from "../support/database.ts";
import { environmentFor, startServerProcess } from "../support/process.ts";
import { inParallel } from "../support/in-parallel.ts";
import { anonymous, as } from "../support/http.ts";
import { asOwner, statement } from "../support/owner.ts";
import { startTestServer } from "../support/server.ts";
import { useTestServer } from "../support/use-test-server.ts";

const line = z.looseObject({ level: z.string(), time: z.iso.datetime(), msg: z.string() });

const lines: z.infer<typeof line>[] = [];
const log = createLogger({ logLevel: "info" }, { write: (text) => void lines.push(line.parse(JSON.parse(text))) });

const server = useTestServer({}, log);
let id: string;
beforeAll(async () => {
  id = await createChannel(server, { channel_schema: { value: "float" } });
});

/** The lines of a request; the last of them is written when the connection has taken the answer. */
async function linesOf(requestId: string) {
  const found = () => lines.filter((each) => each["request_id"] === requestId);
  await expect.poll(() => found().some(({ msg }) => msg === "request")).toBe(true);
  return found();
}

/** Whatever reads a channel calls this function, and gets the error that PostgreSQL has for the state. */
async function failBy(state: string) {
  const execute = (text: string) => asOwner(server.context, (owner) => owner.query(statement(text)));
  const { definition } = await asOwner(server.context, (owner) =>
    owner.one(statement("select pg_get_functiondef('kronicle.rfc3339'::regproc) as definition")),
  );
  await execute(`
    create or replace function kronicle.rfc3339(t timestamptz) returns text language plpgsql
    as $$ begin raise exception 'the cause' using errcode = '${state}'; end $$
  `);
  try {
    const { headers, body } = await as("reader", server).get(`/api/v1/channels/${id}/rows`);
    return { problem: body, lines: await linesOf(headers["x-request-id"] ?? "") };
  } finally {
    await execute(String(definition));
  }
}

describe("every line of a request", () => {
  test("has its id and its trace, the same as the caller and the problem have", async () => {
    const answers = await inParallel(400, 8, async (index) => {
      const trace = index % 2 === 0 ? randomUUID().replaceAll("-", "") : null;
      const requests = [
        as("reader", server).get("/api/v1/channels"),
        as("reader", server).get(`/api/v1/channels/${randomUUID()}`),
        as("reader", server).delete(`/setup/v1/channels/${id}`),
        anonymous(server).get("/nowhere"),
      ];
      const request = requests[index % requests.length] ?? anonymous(server).get("/health/live");
      if (trace) void request.set("traceparent", `00-${trace}-00f067aa0ba902b7-01`);
      const { headers, body, status } = await request;
      return { requestId: headers["x-request-id"] ?? "", trace, problem: status >= 400 ? body : null };
    });
    expect(new Set(answers.map(({ requestId }) => requestId)).size).toBe(400);
    for (const { requestId, trace, problem } of answers) {
      const own = await linesOf(requestId);
      expect(own).toHaveLength(1);
      const traceId = String(own[0]?.["trace_id"]);
      expect(traceId).toMatch(/^[0-9a-f]{32}$/);
      expect([null, traceId]).toContain(trace);
      expect([undefined, traceId]).toContain(problem?.trace_id);
      expect([undefined, requestId]).toContain(problem?.request_id);
      expect(own[0]?.["code"]).toBe(problem?.code);
    }
    const ofRequests = lines.filter(({ msg }) => /request|audited/.test(msg));
    expect(ofRequests.length).toBeGreaterThanOrEqual(400);
    for (const each of ofRequests) expect(each).toMatchObject({ request_id: expect.any(String), trace_id: expect.any(String) });
  });

  test("tells who asked for what, and what became of it", async () => {
    const { headers } = await as("reader", server).get("/api/v1/channels?limit=1").expect(200);
    expect(await linesOf(headers["x-request-id"] ?? "")).toEqual([
      {
        level: "info",
        time: expect.any(String),
        request_id: headers["x-request-id"],
        trace_id: expect.any(String),
        method: "GET",
        path: "/api/v1/channels",
        operation: "listChannels",
        principal: expect.any(String),
        status: 200,
        duration_ms: expect.any(Number),
        msg: "request",
      },
    ]);
  });
});

describe("a request that fails", () => {
  test("by a fault of the server is an error, with the cause", async () => {
    const { problem, lines: own } = await failBy("XX000");
    expect(problem).toMatchObject({ status: 500, code: "server_fault" });
    expect(own.map(({ level }) => level)).toEqual(["error", "info"]);
    expect(own[0]).toMatchObject({ operation: "readRows", status: 500, code: "server_fault", trace_id: problem.trace_id });
    expect(JSON.stringify(own[0]?.["err"])).toContain("the cause");
  });

  test("for want of the database is a warning in one line", async () => {
    const { problem, lines: own } = await failBy("57P03");
    expect(problem).toMatchObject({ status: 503, code: "database_unavailable" });
    expect(own.map(({ level }) => level)).toEqual(["warn", "info"]);
    expect(own[0]).toMatchObject({ status: 503, code: "database_unavailable", reason: expect.stringContaining("the cause") });
    expect(JSON.stringify(own[0])).not.toContain(".ts:");
  });

  test("by its own fault is neither", async () => {
    const { headers } = await as("reader", server).get("/api/v1/channels/x").expect(400);
    const own = await linesOf(headers["x-request-id"] ?? "");
    expect(own).toMatchObject([{ level: "info", status: 400, code: "request_invalid" }]);
  });
});

describe("a server process", () => {
  test("names the operation of ours that an error came from, and what in the database it hit", async () => {
    await using database = await createTestDatabase();
    {
      await using before = await startTestServer(database.settings);
      await asOwner(before.context, (owner) =>
        owner.query(statement("alter table kronicle.api_key add constraint broken check (label <> 'broken')")),
      );
    }
    await using process = await startServerProcess(environmentFor(database.settings));
    await as("admin", process).post("/auth/v1/keys").send({ lane: "reader", label: "broken" }).expect(500);
    const [, stack] = await process
      .waitFor("stderr", /"msg":"request failed".*\n/)
      .then(() => /"stack":"((?:[^"\\]|\\.)*)"/.exec(process.stderr()) ?? []);
    expect(process.stderr()).toMatch(/"code":"23514".*"table":"api_key","constraint":"broken"/);
    expect(stack).toContain("server/src/identity/keys/createKey.ts");
  });
});
