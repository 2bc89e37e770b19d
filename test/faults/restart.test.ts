import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { canRunClusters, type Cluster, startCluster, type StopMode } from "../support/cluster/own-cluster.ts";
import { environmentFor, startServerProcess } from "../support/process.ts";
import { describeAnswers, recordFigure } from "./figures.ts";
import { startLoad } from "./load.ts";
import { readiness } from "./readiness.ts";
import { UNLIMITED } from "./unlimited.ts";

const ROUNDS = 3;

describe.runIf(canRunClusters)("a database that is restarted under load", () => {
  let cluster: Cluster;
  let server: Awaited<ReturnType<typeof startServerProcess>>;
  beforeAll(async () => {
    cluster = await startCluster();
    const database = { databaseUrl: cluster.url, dataDir: "", rolePrefix: "restarted" };
    server = await startServerProcess({ ...environmentFor(database), ...UNLIMITED });
  });
  afterAll(async () => {
    await server[Symbol.asyncDispose]();
    await cluster[Symbol.asyncDispose]();
  });

  test.for<StopMode>(["fast", "immediate"])(
    "is said not to be ready, heals itself, and loses and doubles nothing: %s",
    { timeout: 120_000 },
    async (mode, context) => {
      const load = await startLoad(() => server.url, { persistent: true });
      let backMs = 0;
      for (let round = 0; round < ROUNDS; round++) {
        await load.progress(50);
        await cluster.stop(mode);
        const { status, reasons } = await readiness(server.url);
        expect(status).toBe(503);
        expect(new Set(reasons)).toEqual(new Set(["database_unreachable"]));

        await cluster.start();
        const since = performance.now();
        await expect.poll(() => readiness(server.url), { timeout: 20_000 }).toEqual({ status: 200, reasons: [] });
        backMs = Math.max(backMs, performance.now() - since);
      }
      await load.progress(50);
      await load.stop();
      expect(await load.check(server.url)).toEqual({ lost: [], doubled: [], unknown: [] });
      // Whatever was not answered with 2xx was a refusal that says to come again.
      expect([...load.answers.keys()].filter((answer) => !/^(200|503 |409 idempotency_in_progress)/.test(answer))).toEqual([]);
      recordFigure(
        context,
        `${ROUNDS} restarts: ready again within ${Math.ceil(backMs)} ms; ${load.acknowledged()} appends acknowledged, lost 0, doubled 0; ${describeAnswers(load.answers)}`,
      );
    },
  );
});
