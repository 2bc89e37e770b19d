/**
 * In charge of several processes that serve one address: started, replaced when they die, and stopped together. They share nothing but
 * the database, which this process never touches; it serves no requests.
 */
import cluster, { type Worker } from "node:cluster";
import { once } from "node:events";
import { createServer } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import type { Config } from "../config/config.ts";
import { listen } from "../http/connection/listen.ts";
import type { Logger } from "../observation/logger.ts";
import { gatherMetrics } from "../observation/gather-metrics.ts";
import { printWelcome } from "./welcome.ts";

/** More deaths than that within the time are no accident. */
const MAX_DEATHS = 5;
const DEATHS_WITHIN_MS = 60_000;
/** Before the first replacement; each further death within the time doubles it. */
const PAUSE_MS = 100;

/** A worker cuts off by itself, and well before this, what it has not answered after the time in which it still takes requests. */
const STOP_TIMEOUT_MS = 15_000;

/** What a worker says once it serves. */
const workerReady = z.object({ url: z.string() });

export async function superviseWorkers({ host, port, workers: count, drainSeconds }: Config, log: Logger): Promise<void> {
  await refuseTakenPort(host, port);
  gatherMetrics();
  let isStopping = false;
  let siblingPort = String(port);
  /** On the port of the first, which the system may have picked. */
  const forkSibling = () => cluster.fork({ KRONICLE_PORT: siblingPort });
  const deaths: number[] = [];

  const stop = async (exitCode: number) => {
    if (isStopping) return;
    isStopping = true;
    process.exitCode = exitCode;
    const workers = Object.values(cluster.workers ?? {}).filter((worker) => worker !== undefined);
    const ended = workers.map((worker) => once(worker, "exit"));
    for (const worker of workers) worker.process.kill("SIGTERM");
    const cutOff = setTimeout(
      () => {
        process.exitCode = 1;
        for (const worker of workers) worker.process.kill("SIGKILL");
      },
      drainSeconds * 1_000 + STOP_TIMEOUT_MS,
    );
    await Promise.all(ended);
    clearTimeout(cutOff);
  };

  const replaceWhenDead = (worker: Worker) => {
    worker.once("exit", (code, signal) => void replace(worker, code, signal));
  };
  const replace = async ({ process: { pid } }: Worker, code: number | null, signal: string | null) => {
    if (isStopping) return;
    const now = performance.now();
    deaths.push(now);
    const recent = deaths.filter((time) => time > now - DEATHS_WITHIN_MS).length;
    if (recent > MAX_DEATHS) {
      log.fatal({ pid, code, signal }, `more than ${MAX_DEATHS} workers died within a minute; the server gives up`);
      return stop(1);
    }
    log.error({ pid, code, signal }, "a worker died; another takes its place");
    await sleep(PAUSE_MS * 2 ** (recent - 1));
    if (!isStopping) replaceWhenDead(forkSibling());
  };

  for (const signal of ["SIGTERM", "SIGINT"] as const) {
    process.once(signal, () => {
      log.info({ signal }, "stopping all workers");
      void stop(0).then(() => log.info("all workers stopped"));
    });
  }

  // The first alone: it migrates the database, and what it cannot do, the others could not either; so it is said once.
  const first = cluster.fork();
  const { url, exitCode } = await untilReady(first);
  if (url === null) {
    process.exitCode = isStopping ? 0 : exitCode;
    return;
  }
  siblingPort = new URL(url).port;
  replaceWhenDead(first);
  const others = Array.from({ length: isStopping ? 0 : count - 1 }, forkSibling);
  for (const worker of others) replaceWhenDead(worker);
  await Promise.all(others.map(untilReady));
  if (!isStopping) await printWelcome(url, null);
}

/** A port that is shared among workers would be shared with another server of the same user as well. */
async function refuseTakenPort(host: string, port: number): Promise<void> {
  const probe = createServer();
  await listen(probe, { host, port, isShared: false });
  await new Promise((resolve) => probe.close(resolve));
}

type Start = { readonly url: string; readonly exitCode: null } | { readonly url: null; readonly exitCode: number };

/** The address that the worker serves, or the code with which it ended before it did. */
async function untilReady(worker: Worker): Promise<Start> {
  const ready = new Promise<Start>((resolve) => {
    // It may be asked for its metrics before, and then answers that first.
    worker.on("message", (message: unknown) => {
      const { data } = workerReady.safeParse(message);
      if (data) resolve({ ...data, exitCode: null });
    });
  });
  const ended = once(worker, "exit").then(([code]): Start => ({ url: null, exitCode: z.int().nullable().parse(code) ?? 1 }));
  return Promise.race([ready, ended]);
}
