/**
 * Three times as many requests as the server can answer, each sent when its time has come whatever became of those before: what is still
 * answered with success, against what the server answers when it is just busy all the time.
 */
import { KEYS } from "../../support/server.ts";
import { createChannels, FILL_START, fillRows } from "../fill.ts";
import type { LoadPlan, LoadReport } from "../load/plan.ts";
import { runLoad, runPacedLoad } from "../load/run-load.ts";
import { measure } from "../measure.ts";
import { type Result, toResult } from "../result.ts";
import type { Scenario } from "../scenario.ts";

const CHANNELS = 100;
const ROWS_PER_CHANNEL = 1_000;
const STEP_MS = 60_000;
const OVERLOAD = 3;
const SATURATING_CONNECTIONS = 64;
const OVERLOADING_CONNECTIONS = 512;
const REQUESTS = 12_000;

export const overload: Scenario = {
  name: "overload",
  run: async (stage) => {
    const server = await stage.start();
    const ids = await createChannels(server.url, CHANNELS);
    await fillRows(stage, ROWS_PER_CHANNEL, STEP_MS);
    const requests = Math.round(REQUESTS * stage.size.share);
    let startMs = FILL_START;
    const appends = () => {
      startMs += OVERLOAD * requests;
      return {
        kind: "append",
        paths: ids.map((id) => `/data/v1/channels/${id}/rows`),
        rowsPerRequest: 1,
        startMs,
        isKeyed: false,
      } as const;
    };
    const reads = () => ({ kind: "get", paths: ids.map((id) => `/api/v1/channels/${id}/rows?limit=100`) }) as const;

    const compare = async (label: string, token: string, work: () => LoadPlan["work"]): Promise<Result> => {
      const last: Record<string, LoadReport> = {};
      let perSecond = 0;
      const saturate = async () => {
        const report = await runLoad({ url: server.url, token, connections: SATURATING_CONNECTIONS, requests, work: work() });
        last["saturated"] = report;
        perSecond = requests / report.seconds;
        return perSecond;
      };
      const flood = async () => {
        // Every second round goes backwards: the rate of a round is that of the saturation measured last.
        const rate = OVERLOAD * perSecond;
        const plan = { url: server.url, token, connections: OVERLOADING_CONNECTIONS, requests: OVERLOAD * requests };
        const report = await runPacedLoad({ ...plan, perSecond: rate, work: work() });
        last["overloaded"] = report;
        return successes(report) / report.seconds;
      };
      const figures = await measure({ saturate, flood }, stage.size.rounds);
      return toResult({
        scenario: "overload",
        label: `${label}, answered with success at ${OVERLOAD} times saturation`,
        unit: "req/s",
        ours: figures.flood,
        limit: { label: "saturation", figures: figures.saturate },
        target: 0.8,
        notes: ["saturated", "overloaded"].map((name) => describe(name, last[name])),
      });
    };
    return [await compare("single-row appends", KEYS.writer, appends), await compare("newest 100 rows", KEYS.reader, reads)];
  },
};

function successes({ statuses }: LoadReport): number {
  return Object.entries(statuses).reduce((sum, [status, count]) => sum + (Number(status) < 300 ? count : 0), 0);
}

function describe(name: string, report: LoadReport | undefined): string {
  const counts = Object.entries(report?.statuses ?? {}).map(([status, count]) => `${count} × ${status}`);
  return `${name}: ${counts.join(", ")}, of the successes p50 ${report?.p50.toFixed(0)} ms, p99 ${report?.p99.toFixed(0)} ms`;
}
