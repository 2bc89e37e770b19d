import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { connect } from "node:net";
import { describe, expect, test } from "vitest";
import { OPERATIONS } from "../contract/document.ts";
import { appendRows, createChannel } from "../support/channels.ts";
import { isNative } from "../support/database.ts";
import { anonymous, as } from "../support/http.ts";
import { readMetrics, type Sample, scrapeWhenIdle, valueOf } from "../support/network/scrape.ts";
import { statement } from "../support/owner.ts";
import { startTestServer } from "../support/server.ts";
import { useTestServer } from "../support/use-test-server.ts";

const server = useTestServer();

const DEFINITION = { channel_schema: { value: "float" } };

/** What a metric has grown by since an earlier scrape. */
function growth(before: readonly Sample[], after: readonly Sample[]) {
  return (name: string, labels: Record<string, string> = {}) => valueOf(after, name, labels) - valueOf(before, name, labels);
}

const rowsOf = (count: number) => Array.from({ length: count }, (_, index) => ({ time: "2024-03-01T00:00:00Z", value: index }));

describe("after a run of good and bad requests", () => {
  test("the server has counted what its clients have", async () => {
    // So few that the run is sure to exceed it.
    await using limited = await startTestServer({ rateLimit: 5 });
    const id = await createChannel(limited, DEFINITION);
    const before = await scrapeWhenIdle(limited);

    const [reader, writer] = [as("reader", limited), as("writer", limited)];
    const append = (body: object) => writer.post(`/data/v1/channels/${id}/rows`).send(body);
    const calls = Array.from({ length: 60 }, (_, index) => [
      append({ rows: rowsOf(3) }),
      append({ rows: [{ value: "cold" }] }),
      append({ rows: [{ value: 1 }, { value: "cold" }] }).query({ strict: "false" }),
      reader.get(`/api/v1/channels/${id}/rows`).query({ limit: 2 }),
      reader.get(`/api/v1/channels/${randomUUID()}`),
      anonymous(limited).get("/api/v1/channels"),
      reader.post("/setup/v1/channels").send({ channel_schema: { value: "float" } }),
      anonymous(limited).get(`/nowhere/${index}`),
    ]).flat();
    const answers = (await Promise.all(calls)).map(({ status, body }) => ({ status, body }));
    const after = await scrapeWhenIdle(limited);
    const grown = growth(before, after);

    const seen = Map.groupBy(answers, ({ status }) => status);
    for (const status of [200, 400, 401, 403, 404, 429]) expect(seen.get(status)?.length ?? 0).toBeGreaterThan(0);
    // The scrape before came on top.
    const ofTheRun = (status: string) =>
      grown("kronicle_http_requests_total", { status }) - grown("kronicle_http_requests_total", { status, lane: "metrics" });
    for (const [status, group] of seen) expect([status, ofTheRun(String(status))]).toEqual([status, group.length]);

    const codes = Map.groupBy(answers, ({ body }) => String(body.code));
    codes.delete("undefined");
    for (const [code, group] of codes) expect([code, grown("kronicle_problems_total", { code })]).toEqual([code, group.length]);
    const refused = answers.filter(({ status }) => status >= 400).length;
    expect(grown("kronicle_problems_total")).toBe(refused);

    const details = answers.flatMap(({ body }) => ("op_status" in body ? [body.op_details] : []));
    expect(details.length).toBeGreaterThan(0);
    const sum = (name: string) => details.reduce((total, each) => total + each[name], 0);
    expect(grown("kronicle_rows_appended_total")).toBe(sum("inserted_rows"));
    expect(grown("kronicle_rows_rejected_total")).toBe(sum("rejected_rows"));
    const { body: channel } = await as("admin", limited).get(`/setup/v1/channels/${id}`).expect(200);
    expect(channel.available_rows).toBe(sum("inserted_rows"));
    const read = answers.reduce((total, { body }) => total + ("rows" in body ? body.rows.length : 0), 0);
    expect(grown("kronicle_rows_read_total")).toBe(read);

    expect(grown("kronicle_append_group_rows_sum")).toBe(sum("inserted_rows"));
    expect(grown("kronicle_append_group_appends_sum")).toBe(details.length);
    expect(grown("kronicle_append_group_duration_seconds_count")).toBe(grown("kronicle_append_group_appends_count"));
    expect(grown("kronicle_http_request_duration_seconds_count")).toBe(grown("kronicle_http_requests_total"));
    expect(grown("kronicle_database_statement_duration_seconds_count", { role: "writer" })).toBeGreaterThan(0);
    expect(grown("kronicle_database_statement_duration_seconds_count", { role: "reader" })).toBeGreaterThan(0);
  });

  test("exports have their rows counted as they go out", async () => {
    const id = await createChannel(server, DEFINITION);
    await appendRows(server, id, rowsOf(6_001));
    const before = await scrapeWhenIdle(server);
    const { text } = await as("reader", server).get(`/api/v1/channels/${id}/rows/export?format=csv`).expect(200);
    const { text: some } = await as("reader", server).get(`/api/v1/channels/${id}/rows/export?limit=7`).buffer(true).expect(200);
    expect([text.trim().split("\n").length, some.trim().split("\n").length]).toEqual([6_002, 7]);
    expect(growth(before, await scrapeWhenIdle(server))("kronicle_rows_read_total")).toBe(6_008);
  });

  test("a replayed append counts as a replay, and its rows once", async () => {
    const id = await createChannel(server, DEFINITION);
    const before = await scrapeWhenIdle(server);
    const send = () =>
      as("writer", server)
        .post(`/data/v1/channels/${id}/rows`)
        .set("Idempotency-Key", '"one"')
        .send({ rows: rowsOf(4) })
        .expect(200);
    await send();
    expect((await send()).headers["idempotency-replayed"]).toBe("true");
    const grown = growth(before, await scrapeWhenIdle(server));
    expect(grown("kronicle_idempotency_replays_total")).toBe(1);
    expect(grown("kronicle_rows_appended_total")).toBe(4);
    expect(grown("kronicle_append_group_rows_sum")).toBe(4);
  });

  test("a request that its caller gives up is counted as such", async () => {
    const id = await createChannel(server, DEFINITION);
    const before = await scrapeWhenIdle(server);
    const { hostname, port } = new URL(server.url);
    const socket = connect(Number(port), hostname);
    await once(socket, "connect");
    const head = [
      "Host: x",
      `Authorization: Bearer writer-key-for-tests-000000000000000`,
      "Content-Type: application/json",
      "Content-Length: 100",
    ];
    socket.write(`POST /data/v1/channels/${id}/rows HTTP/1.1\r\n${head.join("\r\n")}\r\n\r\n{`);
    await expect.poll(async () => valueOf(await readMetrics(server), "kronicle_http_requests_in_flight")).toBe(1);
    socket.destroy();
    await once(socket, "close");
    const grown = growth(before, await scrapeWhenIdle(server));
    expect(grown("kronicle_http_requests_total", { operation: "appendRows", status: "aborted" })).toBe(1);
  });
});

describe("labels", () => {
  test("have no value that a caller has made up", async () => {
    const hostile = Array.from({ length: 40 }, (_, index) => `probe-${index}`);
    for (const word of hostile) {
      await anonymous(server).get(`/${word}`);
      await anonymous(server).get(`/api/v1/channels/${word}`).set("X-Request-Id", word).set("traceparent", word);
      await anonymous(server)
        .get("/docs/problems")
        .query({ [word]: word });
      await anonymous(server).get(`/problems/${word}`);
      await anonymous(server).propfind("/api/v1/channels").set("User-Agent", word);
    }
    const samples = await scrapeWhenIdle(server);
    expect(samples.filter(({ labels }) => Object.values(labels).some((value) => value.includes("probe-")))).toEqual([]);

    const known = new Set(["none", ...OPERATIONS.map(({ id }) => id)]);
    const requests = samples.filter(({ name }) => name === "kronicle_http_requests_total");
    expect(requests.filter(({ labels }) => !known.has(labels["operation"] ?? ""))).toEqual([]);
    expect(requests.filter(({ labels }) => !/^(\d{3}|aborted)$/.test(labels["status"] ?? ""))).toEqual([]);
    expect(valueOf(samples, "kronicle_http_requests_total", { operation: "none", status: "404" })).toBeGreaterThanOrEqual(40);
    // A server that has seen everything has this many at most: 60 operations with a handful of statuses, and their histograms.
    expect(samples.length).toBeLessThan(1_500);
  });
});

describe("the database", () => {
  test("shows how its pools are used, by database role", async () => {
    const samples = await scrapeWhenIdle(server);
    for (const role of ["reader", "writer", "admin", "auth"]) {
      const size = valueOf(samples, "kronicle_database_pool_size", { role });
      expect(size).toBeGreaterThan(0);
      const inUse = valueOf(samples, "kronicle_database_pool_connections", { role, state: "in_use" });
      const idle = valueOf(samples, "kronicle_database_pool_connections", { role, state: "idle" });
      expect(inUse + idle).toBeLessThanOrEqual(size);
    }
  });

  test("shows who waits when a pool is exhausted", async () => {
    const pool = server.context.database.pools.reader;
    const release = Promise.withResolvers<void>();
    const size = valueOf(await scrapeWhenIdle(server), "kronicle_database_pool_size", { role: "reader" });
    const held = Array.from({ length: size + 3 }, () => pool.connect(() => release.promise));
    await expect
      .poll(async () => {
        const samples = await scrapeWhenIdle(server);
        const labels = { role: "reader" };
        return [
          valueOf(samples, "kronicle_database_pool_connections", { ...labels, state: "in_use" }),
          valueOf(samples, "kronicle_database_pool_waiting", labels),
        ];
      })
      .toEqual([size, 3]);
    release.resolve();
    await Promise.all(held);
  });

  test.skipIf(!isNative)("shows statements that fail, by the class of their SQLSTATE", async () => {
    const before = await scrapeWhenIdle(server);
    await expect(server.context.database.pools.reader.query(statement("delete from kronicle.channel"))).rejects.toThrow(
      "permission denied",
    );
    const grown = growth(before, await scrapeWhenIdle(server));
    expect(grown("kronicle_database_errors_total", { role: "reader", class: "42" })).toBe(1);
  });
});

describe("the process", () => {
  test("shows its version, its memory and the delay of its event loop", async () => {
    const samples = await scrapeWhenIdle(server);
    expect(valueOf(samples, "kronicle_build_info", { contract: server.context.contract.version })).toBe(1);
    expect(valueOf(samples, "process_resident_memory_bytes")).toBeGreaterThan(10_000_000);
    expect(samples.map(({ name }) => name)).toContain("nodejs_eventloop_lag_p99_seconds");
  });
});
