/**
 * Single-row appends over 64 connections, each answered after its commit: against the same server that answers each validated request
 * at once, and against the same server that gives each request an INSERT and a commit of its own on the same pool.
 */
import { KEYS } from "../../support/server.ts";
import { createChannels, FILL_START } from "../fill.ts";
import { runLoad } from "../load/run-load.ts";
import { measure } from "../measure.ts";
import { toResult } from "../result.ts";
import type { Scenario } from "../scenario.ts";

const CHANNELS = 100;
const CONNECTIONS = 64;
const REQUESTS = 16_000;

const VARIANT = [process.execPath, new URL("../variant-server.ts", import.meta.url).pathname];

export const singleAppend: Scenario = {
  name: "single-append",
  run: async (stage) => {
    const ours = await stage.start();
    const noDatabase = await stage.start({}, [...VARIANT, "no-database"]);
    const oneInsert = await stage.start({}, [...VARIANT, "one-insert"]);
    const paths = (await createChannels(ours.url, CHANNELS)).map((id) => `/data/v1/channels/${id}/rows`);
    const requests = Math.round(REQUESTS * stage.size.share);
    let startMs = FILL_START;
    const latencies: Record<string, { p50: number; p99: number }> = {};

    const append = (name: string, url: string, isKeyed: boolean) => async () => {
      startMs += requests;
      const work = { kind: "append", paths, rowsPerRequest: 1, startMs, isKeyed } as const;
      const report = await runLoad({ url, token: KEYS.writer, connections: CONNECTIONS, requests, work });
      latencies[name] = report;
      return requests / report.seconds;
    };
    const figures = await measure(
      {
        noDatabase: append("noDatabase", noDatabase.url, false),
        oneInsert: append("oneInsert", oneInsert.url, false),
        plain: append("plain", ours.url, false),
        keyed: append("keyed", ours.url, true),
      },
      stage.size.rounds,
    );
    const notes = (name: string) => [
      `p50 ${latencies[name]?.p50.toFixed(1)} ms, p99 ${latencies[name]?.p99.toFixed(1)} ms in the last round`,
    ];
    const rest = { scenario: "single-append", unit: "req/s" };
    const atOnce = { label: "answer without a database", figures: figures.noDatabase };
    const each = { label: "an INSERT for each request", figures: figures.oneInsert };
    return [
      toResult({ ...rest, label: "durable", ours: figures.plain, limit: atOnce, target: 0.6, notes: notes("plain") }),
      toResult({
        ...rest,
        label: "durable, each with an Idempotency-Key",
        ours: figures.keyed,
        limit: atOnce,
        target: 0.6,
        notes: notes("keyed"),
      }),
      toResult({ ...rest, label: "grouped", ours: figures.plain, limit: each, target: 3, notes: notes("oneInsert") }),
    ];
  },
};
