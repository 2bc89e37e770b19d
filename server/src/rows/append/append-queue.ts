/**
 * In charge of group commit: small appends that come at the same time are stored by one statement and one commit, after which each is
 * answered. One that cannot be stored does not take the others with it.
 */
import { type Span, trace } from "@opentelemetry/api";
import type { DatabasePool } from "slonik";
import { BusyError } from "../../db/busy-error.ts";
import { sqlState } from "../../db/sql-state.ts";
import { inGroupSpan } from "../../observation/in-group-span.ts";
import type { Observe } from "../../observation/observation.ts";
import { createGatherer } from "./gatherer.ts";
import { type Append, storeGroup } from "./store-group.ts";
import { resolveFailure, stillRunning, type Stored } from "./stored.ts";

/** A larger append is worth a commit of its own. */
const MOST_SMALL_ROWS = 250;
const MOST_GROUP_ROWS = 2_000;
/** What a few groups hold: whoever comes after that would wait too long. */
const MOST_WAITING_ROWS = 5 * MOST_GROUP_ROWS;
const PATIENCE_MS = 5_000;

/** Failures of the connection, of resources and of the server itself say nothing about any one append. */
const CONCERNS_ALL = /^(08|53|57|58|XX)/;

export type AppendQueue = {
  /** Waits for the commit. */
  readonly store: (append: Append) => Promise<Stored>;
};

type Traced = { readonly append: Append; readonly span: Span | undefined };

type Waiting = Traced & { readonly answer: PromiseWithResolvers<Stored> };

export function createAppendQueue(pool: DatabasePool, observe: Observe): AppendQueue {
  const gatherers = new Map<string, (waiting: Waiting) => void>();
  const runningKeys = new Set<string>();

  const store = (group: readonly Traced[]) =>
    inGroupSpan(
      group.map(({ span }) => span),
      async () => {
        const startedAt = performance.now();
        const results = await storeGroup(
          pool,
          group.map(({ append }) => append),
        );
        const rows = results.reduce((sum, result) => sum + countNew(result), 0);
        observe({ event: "group_stored", appends: group.length, rows, durationMs: performance.now() - startedAt });
        return results;
      },
    );

  const storeAlone = async ({ append, span }: Traced): Promise<Stored> => {
    try {
      const [result = stillRunning()] = await store([{ append, span }]);
      if (result instanceof Error) throw result;
      return result;
    } catch (error) {
      return resolveFailure(pool, append.key, error);
    }
  };

  const storeTogether = async (group: readonly Waiting[]): Promise<void> => {
    try {
      const results = await store(group);
      for (const [index, { answer }] of group.entries()) {
        const result = results[index] ?? stillRunning();
        if (result instanceof Error) answer.reject(result);
        else answer.resolve(result);
      }
    } catch (error) {
      const state = sqlState(error);
      const isOneAtFault = group.length > 1 && state !== null && !CONCERNS_ALL.test(state);
      for (const waiting of group) {
        waiting.answer.resolve(isOneAtFault ? storeAlone(waiting) : resolveFailure(pool, waiting.append.key, error));
      }
    }
  };

  const rules = {
    weigh: ({ append }: Waiting) => append.batch.count,
    most: MOST_GROUP_ROWS,
    mostWaiting: MOST_WAITING_ROWS,
    patienceMs: PATIENCE_MS,
    work: storeTogether,
    turnAway: ({ answer }: Waiting) => answer.reject(new BusyError("too many appends gather, or this one has for too long")),
  };
  const gather = (traced: Traced): Promise<Stored> => {
    const { table_name: table } = traced.append.channel;
    const add = gatherers.get(table) ?? createGatherer<Waiting>(rules);
    gatherers.set(table, add);
    const answer = Promise.withResolvers<Stored>();
    add({ ...traced, answer });
    return answer.promise;
  };

  return {
    store: async (append) => {
      const key = append.key?.hash.toString("hex");
      // The lock of the database is no help between two requests of one group.
      if (key !== undefined && runningKeys.has(key)) throw stillRunning();
      if (key !== undefined) runningKeys.add(key);
      try {
        const traced = { append, span: trace.getActiveSpan() };
        return await (append.batch.count > MOST_SMALL_ROWS ? storeAlone(traced) : gather(traced));
      } finally {
        if (key !== undefined) runningKeys.delete(key);
      }
    },
  };
}

/** Rows that were not stored by an earlier request with the same key. */
function countNew(result: Stored | Error): number {
  return result instanceof Error || result.isReplayed ? 0 : result.insertedRows;
}
