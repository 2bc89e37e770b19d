/**
 * In charge of what size does to speed: the same four kinds of requests at each size, and their rates against those at the smallest. What
 * is asked for stays the same, so a ratio of one at every size is a flat curve.
 */
import { KEYS } from "../support/server.ts";
import { countChunks, FILL_START } from "./fill.ts";
import type { LoadPlan } from "./load/plan.ts";
import { runLoad } from "./load/run-load.ts";
import { measure } from "./measure.ts";
import { type Result, toResult } from "./result.ts";
import type { Stage } from "./stage.ts";

/** Each round takes about as long with one kind as with another. */
const KINDS = {
  bulk: { label: "append of 1,000 rows, 8 connections", connections: 8, requests: 60, rows: 1_000 },
  single: { label: "append of a row, 64 connections", connections: 64, requests: 8_000, rows: 1 },
  newest: { label: "newest 100 rows, 8 connections", connections: 8, requests: 4_000, rows: 100 },
  page: { label: "newest 10,000 rows, 1 connection", connections: 1, requests: 60, rows: 10_000 },
} as const;

type Kind = keyof typeof KINDS;

/** Two years behind the rows that are there at the start, each round leaves its own behind those of the last. */
const APPEND_START = FILL_START + 731 * 86_400_000;

export type Scaling = {
  /** Measures at a size that the stage has just been brought to. */
  readonly measureAt: (size: string, channelIds: readonly string[]) => Promise<readonly Result[]>;
};

export function createScaling(scenario: string, stage: Stage, url: string): Scaling {
  const smallest = new Map<Kind, readonly number[]>();
  let startMs = APPEND_START;

  const workOf = (kind: Kind, ids: readonly string[], requests: number): LoadPlan["work"] => {
    const { rows } = KINDS[kind];
    if (kind === "newest" || kind === "page")
      return { kind: "get", paths: ids.map((id) => `/api/v1/channels/${id}/rows?limit=${rows}`) };
    startMs += requests * rows;
    return {
      kind: "append",
      paths: ids.map((id) => `/data/v1/channels/${id}/rows`),
      rowsPerRequest: rows,
      startMs,
      isKeyed: false,
    };
  };
  const send = (kind: Kind, ids: readonly string[]) => async () => {
    const requests = Math.round(KINDS[kind].requests * stage.size.share);
    const token = kind === "bulk" || kind === "single" ? KEYS.writer : KEYS.reader;
    await stage.query("checkpoint");
    const plan = { url, token, connections: KINDS[kind].connections, requests, work: workOf(kind, ids, requests) };
    return requests / (await runLoad(plan)).seconds;
  };

  return {
    measureAt: async (size, ids) => {
      const sides = {
        bulk: send("bulk", ids),
        single: send("single", ids),
        newest: send("newest", ids),
        page: send("page", ids),
      };
      const figures = await measure(sides, stage.size.rounds);
      const notes = [`${await countChunks(stage)} chunks`];
      return (["bulk", "single", "newest", "page"] as const).map((kind) => {
        const base = smallest.get(kind);
        if (!base) smallest.set(kind, figures[kind]);
        return toResult({
          scenario,
          label: `${size}: ${KINDS[kind].label}`,
          unit: "req/s",
          ours: figures[kind],
          ...(base ? { limit: { label: "the smallest size", figures: base } } : {}),
          notes,
        });
      });
    },
  };
}
