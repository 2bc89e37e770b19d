/** In charge of clients that write and read without a pause, and know what the server owes them. */
import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "vitest";
import { z } from "zod";
import { as } from "../support/http.ts";
import { KEYS } from "../support/server.ts";

const WRITERS = 6;
const READERS = 2;
const ROWS = 5;
/** Nobody waits longer for an answer: then there is none. */
const PATIENCE_MS = 60_000;
const PAUSE_MS = 50;
const START = Date.parse("2024-03-01T00:00:00Z");

const problem = z.object({ code: z.string() });
const page = z.object({ rows: z.array(z.object({ batch: z.int() })), next_cursor: z.string().nullable() });

export type Load = {
  /** How many answers of each kind there were: a status with its code, or "none" with the reason. */
  readonly answers: ReadonlyMap<string, number>;
  /** Batches that were acknowledged. */
  readonly acknowledged: () => number;
  /** The longest that anybody has waited for an answer, since it was last reset. */
  readonly slowestMs: () => number;
  readonly resetSlowest: () => void;
  /** Waits for so many more acknowledgements. */
  readonly progress: (count: number) => Promise<void>;
  /** Lets everybody finish what they have begun. */
  readonly stop: () => Promise<void>;
  /** Compares what is stored with what was acknowledged. */
  readonly check: (url: string) => Promise<{ readonly lost: number[]; readonly doubled: number[]; readonly unknown: number[] }>;
};

type Options = {
  /** A writer repeats what was not acknowledged, with the same key, until it is. */
  readonly persistent: boolean;
};

/** Where the server is may change, so it is asked for before each request. */
export async function startLoad(urlOf: () => string, { persistent }: Options): Promise<Load> {
  const definition = { channel_schema: { batch: "int", place: "int" } };
  const { body: channel } = await as("admin", { url: urlOf() }).post("/setup/v1/channels").send(definition).expect(201);
  const sent = new Set<number>();
  const acknowledged = new Set<number>();
  const answers = new Map<string, number>();
  let slowestMs = 0;
  const stopping = new AbortController();

  const ask = async (path: string, init: RequestInit): Promise<boolean> => {
    const since = performance.now();
    let answer: string;
    let ok = false;
    try {
      const response = await fetch(`${urlOf()}${path}`, { ...init, signal: AbortSignal.timeout(PATIENCE_MS) });
      const body: unknown = await response.json();
      ok = response.ok;
      answer = ok ? String(response.status) : `${response.status} ${problem.parse(body).code}`;
    } catch (error) {
      answer = `none: ${reasonOf(error)}`;
    }
    slowestMs = Math.max(slowestMs, performance.now() - since);
    answers.set(answer, (answers.get(answer) ?? 0) + 1);
    if (!ok) await sleep(PAUSE_MS);
    return ok;
  };

  const write = async () => {
    while (!stopping.signal.aborted) {
      const batch = sent.size;
      sent.add(batch);
      const rows = Array.from({ length: ROWS }, (_, place) => ({
        time: new Date(START + batch * 1_000 + place).toISOString(),
        batch,
        place,
      }));
      const init = {
        method: "POST",
        headers: {
          Authorization: `Bearer ${KEYS.writer}`,
          "Content-Type": "application/json",
          "Idempotency-Key": `"${randomUUID()}"`,
        },
        body: JSON.stringify({ rows }),
      };
      for (let tries = persistent ? Number.POSITIVE_INFINITY : 1; tries > 0 && !acknowledged.has(batch); tries--) {
        if (await ask(`/data/v1/channels/${channel.channel_id}/rows`, init)) acknowledged.add(batch);
      }
    }
  };
  const read = async () => {
    while (!stopping.signal.aborted) {
      await ask(`/api/v1/channels/${channel.channel_id}/rows?limit=10`, { headers: { Authorization: `Bearer ${KEYS.reader}` } });
    }
  };
  const work = Promise.all([...Array.from({ length: WRITERS }, write), ...Array.from({ length: READERS }, read)]);

  return {
    answers,
    acknowledged: () => acknowledged.size,
    slowestMs: () => slowestMs,
    resetSlowest: () => {
      slowestMs = 0;
    },
    progress: async (count) => {
      const goal = acknowledged.size + count;
      await expect.poll(() => acknowledged.size, { timeout: PATIENCE_MS }).toBeGreaterThanOrEqual(goal);
    },
    stop: async () => {
      stopping.abort();
      await work;
    },
    check: async (url) => {
      const stored = new Map<number, number>();
      let cursor: string | null = null;
      do {
        const query = { limit: 10_000, columns: "batch", ...(cursor === null ? {} : { cursor }) };
        const answer = await as("admin", { url }).get(`/setup/v1/channels/${channel.channel_id}/rows`).query(query).expect(200);
        const { rows, next_cursor: next } = page.parse(answer.body);
        for (const { batch } of rows) stored.set(batch, (stored.get(batch) ?? 0) + 1);
        cursor = next;
      } while (cursor !== null);
      const batches = [...stored];
      return {
        lost: [...acknowledged].filter((batch) => stored.get(batch) !== ROWS),
        doubled: batches.filter(([, count]) => count !== ROWS).map(([batch]) => batch),
        unknown: batches.map(([batch]) => batch).filter((batch) => !acknowledged.has(batch)),
      };
    },
  };
}

/** fetch hides the reason. */
function reasonOf(error: unknown): string {
  const cause = error instanceof Error ? (error.cause ?? error) : error;
  const code: unknown = cause instanceof Error ? Reflect.get(cause, "code") : undefined;
  return typeof code === "string" ? code : String(cause);
}
