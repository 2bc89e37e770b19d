import { describe, expect, test } from "vitest";
import { anonymous, as } from "../support/http.ts";
import { onServer } from "../support/cluster/on-cluster.ts";
import { canRunClusters, startCluster } from "../support/cluster/own-cluster.ts";
import { environmentFor, startServerProcess } from "../support/process.ts";
import { mountSmallDisk } from "../support/cluster/small-disk.ts";
import { describeAnswers, recordFigure } from "./figures.ts";
import { type Load, startLoad } from "./load.ts";
import { readiness } from "./readiness.ts";
import { UNLIMITED } from "./unlimited.ts";

const MEGABYTE = 1_048_576;
const DISK = 512 * MEGABYTE;
const REFUSALS = 20;
const NEXT_LOG_FILE = "select pg_switch_wal()";
const SOME_LOG = "select pg_logical_emit_message(false, '', 'some')";

const refusals = (load: Load) => load.answers.get("503 database_unavailable") ?? 0;

describe.runIf(canRunClusters)("a disk that is full", { timeout: 180_000 }, () => {
  async function startScene() {
    const scene = new AsyncDisposableStack();
    const disk = scene.use(await mountSmallDisk(DISK));
    const cluster = scene.use(await startCluster(disk.directory));
    const database = { databaseUrl: cluster.url, dataDir: "", rolePrefix: "filled" };
    const server = scene.use(await startServerProcess({ ...environmentFor(database), ...UNLIMITED }));
    const load = await startLoad(() => server.url, { persistent: true });
    await load.progress(50);
    return { disk, cluster, server, load, [Symbol.asyncDispose]: () => scene.disposeAsync() };
  }

  test("refuses writes, lets reads go on, and heals when there is space again", async (context) => {
    await using scene = await startScene();
    const { disk, cluster, server, load } = scene;
    const { body: made } = await as("admin", server).post("/auth/v1/keys").send({ lane: "reader" }).expect(201);
    // The log goes on in files that it has already, so that the tables are first to want more.
    await cluster.configure("min_wal_size = '128MB'", "max_wal_size = '192MB'");
    for (let file = 0; file < 6; file++) await onServer(cluster.url, NEXT_LOG_FILE, SOME_LOG);
    await onServer(cluster.url, "checkpoint");
    await disk.fill(MEGABYTE / 4);

    await expect.poll(() => refusals(load), { timeout: 60_000 }).toBeGreaterThan(REFUSALS);
    await as("reader", server).get("/api/v1/channels").expect(200);
    await anonymous(server).get("/api/v1/channels").set("Authorization", `Bearer ${made.key}`).expect(200);
    expect(await readiness(server.url)).toEqual({ status: 200, reasons: [] });

    await disk.free();
    const since = performance.now();
    await load.progress(20);
    const backMs = performance.now() - since;
    await load.stop();
    expect(await load.check(server.url)).toEqual({ lost: [], doubled: [], unknown: [] });
    expect([...load.answers.keys()].toSorted()).toEqual(["200", "503 database_unavailable"]);
    recordFigure(
      context,
      `20 appends within ${Math.ceil(backMs)} ms of space; lost 0, doubled 0; ${describeAnswers(load.answers)}`,
    );
  });

  test("stops the database when its log finds no space, and loses nothing that was acknowledged", async (context) => {
    await using scene = await startScene();
    const { disk, cluster, server, load } = scene;
    await disk.fill(MEGABYTE / 4);
    // Each takes another file of the log; the last of them is not to be had.
    const useLog = () => onServer(cluster.url, NEXT_LOG_FILE, SOME_LOG);
    const uses = await Promise.allSettled(Array.from({ length: 20 }, useLog));
    expect(uses.map(({ status }) => status)).toContain("rejected");
    await expect
      .poll(() => readiness(server.url), { timeout: 90_000 })
      .toEqual({
        status: 503,
        reasons: Array.from({ length: 4 }, () => "database_unreachable"),
      });
    await disk.free();
    await cluster.start();
    await load.progress(20);
    await load.stop();
    expect(await readiness(server.url)).toEqual({ status: 200, reasons: [] });
    expect(await load.check(server.url)).toEqual({ lost: [], doubled: [], unknown: [] });
    recordFigure(context, `lost 0, doubled 0; ${describeAnswers(load.answers)}`);
  });
});
