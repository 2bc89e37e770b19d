import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { type FaultProxy, startFaultProxy } from "../support/network/fault-proxy.ts";
import { anonymous, as } from "../support/http.ts";
import { onServer } from "../support/cluster/on-cluster.ts";
import { canRunClusters, type Cluster, startCluster } from "../support/cluster/own-cluster.ts";
import { environmentFor, run, SERVER, startServerProcess } from "../support/process.ts";
import { describeAnswers, recordFigure } from "./figures.ts";
import { startLoad } from "./load.ts";
import { readiness } from "./readiness.ts";
import { UNLIMITED } from "./unlimited.ts";

type Server = Awaited<ReturnType<typeof startServerProcess>>;

const PREFIX = "scaled";
const PASSWORD = "a login of readers alone";
/** Servers remember a key for four seconds. */
const REVOKED_WITHIN_MS = 8_000;
const PATIENT = { timeout: 20_000 };
const ROW = { time: "2024-03-01T00:00:00Z", value: 1.5 };

function asReaderLogin(url: string): string {
  const target = new URL(url);
  target.username = `${PREFIX}_reader`;
  target.password = PASSWORD;
  return target.href;
}

describe.runIf(canRunClusters)("two servers on a primary and its replica", { timeout: 120_000 }, () => {
  const scene = new AsyncDisposableStack();
  let primary: Cluster;
  let replica: Cluster;
  /** The address of the primary, whichever that is. */
  let address: FaultProxy;
  let servers: readonly [Server, Server];
  let settings: Readonly<Record<string, string>>;
  beforeAll(async () => {
    primary = scene.use(await startCluster());
    replica = scene.use(await primary.startReplica());
    address = scene.use(await startFaultProxy(primary.url));
    const database = { databaseUrl: address.through(primary.url), dataDir: "", rolePrefix: PREFIX };
    settings = { ...environmentFor(database), ...UNLIMITED };
    {
      await using first = await startServerProcess(settings);
      await onServer(primary.url, `alter role ${PREFIX}_reader login password '${PASSWORD}'`);
      await first.end("SIGTERM");
    }
    settings = { ...settings, KRONICLE_READER_DATABASE_URL: asReaderLogin(replica.url) };
    servers = [scene.use(await startServerProcess(settings)), scene.use(await startServerProcess(settings))];
    // The replica has the tables and the login a moment later.
    await vi.waitFor(async () => {
      const { status } = await readiness(servers[0].url);
      if (status !== 200) throw new Error("the replica is not there yet");
    }, 20_000);
  });
  afterAll(() => scene.disposeAsync());

  const createChannel = async () => {
    const { body } = await as("admin", servers[0])
      .post("/setup/v1/channels")
      .send({ channel_schema: { value: "float" } })
      .expect(201);
    return String(body.channel_id);
  };
  const append = (channelId: string) =>
    as("writer", servers[0])
      .post(`/data/v1/channels/${channelId}/rows`)
      .send({ rows: [ROW] })
      .expect(200);
  const rowsSeen = async (lane: "api" | "data", channelId: string) => {
    const key = lane === "api" ? "reader" : "writer";
    const { status, body } = await as(key, servers[1]).get(`/${lane}/v1/channels/${channelId}`);
    return status === 200 ? body.available_rows : status;
  };

  test("read on /api what the replica has, and on /data what the primary has", async (context) => {
    const channelId = await createChannel();
    await expect.poll(() => rowsSeen("api", channelId), PATIENT).toBe(0);
    await onServer(replica.url, "select pg_wal_replay_pause()");
    try {
      await append(channelId);
      expect(await rowsSeen("data", channelId)).toBe(1);
      expect(await rowsSeen("api", channelId)).toBe(0);
    } finally {
      await onServer(replica.url, "select pg_wal_replay_resume()");
    }
    const since = performance.now();
    await expect.poll(() => rowsSeen("api", channelId), { ...PATIENT, interval: 5 }).toBe(1);
    recordFigure(context, `caught up ${Math.ceil(performance.now() - since)} ms after it was let`);
  });

  test("take keys, and their revocation, from the primary, however late the replica is", async () => {
    await onServer(replica.url, "select pg_wal_replay_pause()");
    try {
      const { body: made } = await as("admin", servers[0]).post("/auth/v1/keys").send({ lane: "reader" }).expect(201);
      const read = () => anonymous(servers[1]).get("/api/v1/channels").set("Authorization", `Bearer ${made.key}`);
      await read().expect(200);
      await as("admin", servers[0]).delete(`/auth/v1/keys/${made.key_id}`).expect(200);
      await expect.poll(async () => (await read()).status, { timeout: REVOKED_WITHIN_MS }).toBe(401);
      const { body: audit } = await as("admin", servers[1]).get("/rbac/v1/audit").expect(200);
      expect(JSON.stringify(audit)).toContain(made.key_id);
    } finally {
      await onServer(replica.url, "select pg_wal_replay_resume()");
    }
  });

  test("answer 503 and when to try again when the replica gives a read up for its primary", async () => {
    const channelId = await createChannel();
    const definition = await onServer(primary.url, "select pg_get_functiondef('kronicle.rfc3339'::regproc) as definition");
    await append(channelId);
    await replica.configure("max_standby_streaming_delay = 0");
    await onServer(
      primary.url,
      "create or replace function kronicle.rfc3339(t timestamptz) returns text language plpgsql as $$ begin perform pg_sleep(30); return ''; end $$",
    );
    try {
      const isSlow = "select 1 from pg_proc where proname = 'rfc3339' and prosrc like '%pg_sleep%'";
      await expect.poll(() => onServer(replica.url, isSlow), PATIENT).toHaveLength(1);
      const reading = as("reader", servers[0])
        .get(`/api/v1/channels/${channelId}`)
        .then((response) => response);
      const isReading = `select 1 from pg_stat_activity where usename = '${PREFIX}_reader' and wait_event = 'PgSleep'`;
      await expect.poll(() => onServer(replica.url, isReading), PATIENT).toHaveLength(1);
      await onServer(primary.url, "do $$ begin lock table kronicle.channel in access exclusive mode; end $$");
      const { status, headers, body } = await reading;
      expect({ status, code: body.code }).toEqual({ status: 503, code: "database_unavailable" });
      expect(Number(headers["retry-after"])).toBeGreaterThan(0);
    } finally {
      await onServer(primary.url, String(definition[0]?.["definition"]));
      await replica.configure("max_standby_streaming_delay = default");
    }
    await expect.poll(() => rowsSeen("api", channelId), PATIENT).toBe(1);
  });

  test("do not start when the lanes that write would lead to a replica", async () => {
    await using server = run(SERVER, { ...settings, DATABASE_URL: replica.url });
    expect(await server.ended).toEqual({ code: 78, signal: null });
    expect(server.stderr()).toMatch(
      /^The database of DATABASE_URL is a replica, which takes no writes\. Name its primary; .+\n$/,
    );
  });

  test("go on writing while the replica is away, say so, and start without it; a second address is read from instead", async () => {
    const channelId = await createChannel();
    await replica.stop();
    try {
      await using third = await startServerProcess(settings);
      await using fourth = await startServerProcess({
        ...settings,
        KRONICLE_READER_DATABASE_URL: `${asReaderLogin(replica.url)},${asReaderLogin(primary.url)}`,
      });
      await append(channelId);
      for (const { url } of [...servers, third]) {
        expect(await readiness(url)).toEqual({ status: 503, reasons: ["database_unreachable"] });
        await as("reader", { url }).get(`/api/v1/channels/${channelId}`).expect(503);
        await as("writer", { url }).get(`/data/v1/channels/${channelId}`).expect(200);
      }
      expect(await readiness(fourth.url)).toEqual({ status: 200, reasons: [] });
      const { body } = await as("reader", fourth).get(`/api/v1/channels/${channelId}`).expect(200);
      expect(body.available_rows).toBe(1);
    } finally {
      await replica.start();
    }
    await expect.poll(() => rowsSeen("api", channelId), PATIENT).toBe(1);
  });

  test("acknowledge nothing that no replica has, with synchronous replication", async (context) => {
    const channelId = await createChannel();
    await using impatient = await startServerProcess({ ...settings, KRONICLE_STATEMENT_TIMEOUT_SECONDS: "2" });
    const [original] = await onServer(replica.url, "select current_setting('primary_conninfo') as value");
    await primary.configure("synchronous_standby_names = '*'");
    await replica.configure("primary_conninfo = ''");
    const send = () =>
      as("writer", impatient)
        .post(`/data/v1/channels/${channelId}/rows`)
        .set("Idempotency-Key", "waits-for-a-replica")
        .send({ rows: [ROW] });
    try {
      const since = performance.now();
      const unkeyed = await as("writer", impatient)
        .post(`/data/v1/channels/${channelId}/rows`)
        .send({ rows: [ROW] });
      expect({ status: unkeyed.status, code: unkeyed.body.code }).toEqual({ status: 503, code: "outcome_unknown" });
      recordFigure(context, `told after ${((performance.now() - since) / 1_000).toFixed(1)} s that nobody knows`);
      // The primary has it, and still waits. (On a busy machine one may be given up before it has got there: that is safe to repeat.)
      await expect.poll(async () => (await send()).body.code, PATIENT).toBe("idempotency_in_progress");
    } finally {
      await replica.configure(`primary_conninfo = '${String(original?.["value"]).replaceAll("'", "''")}'`);
    }
    await expect.poll(async () => (await send()).status, PATIENT).toBe(200);
    expect(await rowsSeen("data", channelId)).toBe(2);
  });

  test("lose no acknowledged row when the primary is killed and the replica promoted, with synchronous replication", async (context) => {
    await primary.configure("synchronous_standby_names = '*'");
    await expect
      .poll(() => onServer(primary.url, "select 1 from pg_stat_replication where sync_state = 'sync'"), PATIENT)
      .toHaveLength(1);
    let turn = 0;
    const load = await startLoad(() => servers[turn++ % 2 === 0 ? 0 : 1].url, { persistent: true });
    await load.progress(300);
    // The worst moment for it: what is written from now on has reached no replica.
    await replica.configure("primary_conninfo = ''");
    const acknowledged = load.acknowledged();
    await sleep(1_000);
    await primary.stop("immediate");
    const since = performance.now();
    // The address is there before the replica is ready for it.
    address.retarget(Number(new URL(replica.url).port));
    for (const { url } of servers) {
      await expect
        .poll(() => readiness(url), PATIENT)
        .toEqual({ status: 503, reasons: ["database_read_only", "database_read_only", "database_read_only"] });
    }
    await replica.promote();
    for (const { url } of servers) {
      await expect.poll(() => readiness(url), PATIENT).toEqual({ status: 200, reasons: [] });
    }
    const backMs = performance.now() - since;
    await load.progress(50);
    await load.stop();
    expect(await load.check(servers[0].url)).toEqual({ lost: [], doubled: [], unknown: [] });
    expect([...load.answers.keys()].filter((answer) => !/^(200|503 |409 idempotency_in_progress)/.test(answer))).toEqual([]);
    recordFigure(
      context,
      `${acknowledged} appends acknowledged before the kill, lost 0, doubled 0; ready ${(backMs / 1_000).toFixed(1)} s after it; ${describeAnswers(load.answers)}`,
    );
  });
});
