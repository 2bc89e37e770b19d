import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createTestDatabase, isNative } from "../support/database.ts";
import { type Direction, type Fault, type FaultProxy, startFaultProxy } from "../support/network/fault-proxy.ts";
import { environmentFor, startServerProcess } from "../support/process.ts";
import { describeAnswers, recordFigure } from "./figures.ts";
import { startLoad } from "./load.ts";
import { UNLIMITED } from "./unlimited.ts";

const STATEMENT_TIMEOUT_SECONDS = 2;
/** A statement is given up after four seconds, and a connection that does not come about after five; a request may meet several of both. */
const LONGEST_MS = 25_000;

const FAULTS: readonly (Fault & { readonly forMs: number })[] = [
  { kind: "latency", ms: 300, forMs: 1_500 },
  { kind: "trickle", bytes: 64, everyMs: 20, forMs: 3_000 },
  { kind: "truncate", bytes: 10, forMs: 1_500 },
  { kind: "end", forMs: 1_500 },
  { kind: "reset", forMs: 1_500 },
  { kind: "half-open", forMs: 6_000 },
  { kind: "silence", forMs: 6_000 },
];

describe.runIf(isNative)("the link to the database", () => {
  let database: Awaited<ReturnType<typeof createTestDatabase>>;
  let proxy: FaultProxy;
  let server: Awaited<ReturnType<typeof startServerProcess>>;
  beforeAll(async () => {
    database = await createTestDatabase();
    const { databaseUrl } = database.settings;
    proxy = await startFaultProxy(databaseUrl ?? "");
    server = await startServerProcess({
      ...environmentFor({ ...database.settings, databaseUrl: proxy.through(databaseUrl ?? "") }),
      KRONICLE_STATEMENT_TIMEOUT_SECONDS: String(STATEMENT_TIMEOUT_SECONDS),
      ...UNLIMITED,
    });
  });
  afterAll(async () => {
    await server[Symbol.asyncDispose]();
    await proxy[Symbol.asyncDispose]();
    await database[Symbol.asyncDispose]();
  });

  test.for<Direction>(["up", "down"])(
    "may be slow, broken, half-open or silent: every answer is bounded, and nothing is lost or doubled: %s",
    { timeout: 180_000 },
    async (direction, context) => {
      const load = await startLoad(() => server.url, { persistent: true });
      const slowest: string[] = [];
      for (const { forMs, ...fault } of FAULTS) {
        await load.progress(20);
        load.resetSlowest();
        proxy.set(direction, fault);
        await sleep(forMs);
        proxy.set(direction, { kind: "none" });
        await load.progress(20);
        slowest.push(`${fault.kind} ${(load.slowestMs() / 1_000).toFixed(1)} s`);
        expect(load.slowestMs()).toBeLessThan(LONGEST_MS);
      }
      await load.stop();
      expect(await load.check(server.url)).toEqual({ lost: [], doubled: [], unknown: [] });
      expect([...load.answers.keys()].filter((answer) => !/^(200|503 |409 idempotency_in_progress)/.test(answer))).toEqual([]);
      recordFigure(context, `slowest answer: ${slowest.join(", ")}; lost 0, doubled 0; ${describeAnswers(load.answers)}`);
    },
  );

  test("may be silent for good while the server is told to stop: it exits 0", { timeout: 60_000 }, async (context) => {
    const load = await startLoad(() => server.url, { persistent: false });
    await load.progress(20);
    for (const direction of ["up", "down"] as const) proxy.set(direction, { kind: "silence" });
    const stopping = load.stop();
    const since = performance.now();
    expect(await server.end("SIGTERM")).toEqual({ code: 0, signal: null });
    const ms = performance.now() - since;
    await stopping;
    expect(ms).toBeLessThan(LONGEST_MS);
    recordFigure(context, `exit after ${(ms / 1_000).toFixed(1)} s; ${describeAnswers(load.answers)}`);
  });
});
