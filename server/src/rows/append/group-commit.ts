/**
 * In charge of group commit: small appends that come at the same time are stored by one statement and one commit, after which each is
 * answered. One that cannot be stored does not take the others with it.
 */
import { type Span, trace } from "@opentelemetry/api";
import type { DatabasePool } from "slonik";
import type { ChannelCache } from "../../channels/channel-cache.ts";
import type { OperationContext } from "../../contract/operation.ts";
import { BusyError } from "../../db/errors.ts";
import { THE_SERVER, workFor } from "../../db/pool/caller.ts";
import { concernsAll, sqlState } from "../../db/sql-state.ts";
import { inGroupSpan } from "../../observation/in-group-span.ts";
import type { Observe } from "../../observation/observation.ts";
import { createBatcher } from "./batcher.ts";
import type { ChunkBudget } from "./chunk-budget.ts";
import { type Append, storeGroup } from "./store-group.ts";
import { stillRunning } from "./idempotency-key.ts";
import { resolveFailure } from "./resolve-failure.ts";
import type { StoredAppend } from "./stored-append.ts";
import type { TakeTurn } from "./turns.ts";

/** A larger append is worth a commit of its own. */
const MAX_SMALL_ROWS = 250;
/** Each day may be a new chunk, and making one takes locks: thirty requests with 64 each would take all that there are. */
const MAX_SMALL_DAYS = 8;
const MAX_GROUP_ROWS = 2_000;
/** What a few groups hold: an append that comes after that would wait too long. */
const MAX_WAITING_ROWS = 5 * MAX_GROUP_ROWS;
const MAX_WAITING_MS = 5_000;

/** What operations that append need besides what all do. */
export type AppendContext = OperationContext & {
  /** Definitions for appends. */
  readonly channelCache: ChannelCache;
  readonly groupCommit: GroupCommit;
  readonly chunkBudget: ChunkBudget;
  readonly takeTurn: TakeTurn;
};

export type GroupCommit = {
  /** Waits for the commit. */
  readonly store: (append: Append) => Promise<StoredAppend>;
};

type Traced = { readonly append: Append; readonly span: Span | undefined };

type Waiting = Traced & { readonly answer: PromiseWithResolvers<StoredAppend> };

export function createGroupCommit(pool: DatabasePool, observe: Observe): GroupCommit {
  const batchers = new Map<string, (waiting: Waiting) => void>();
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

  const storeAlone = async ({ append, span }: Traced): Promise<StoredAppend> => {
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
      const isOneAtFault = group.length > 1 && state !== null && !concernsAll(state);
      for (const waiting of group) {
        waiting.answer.resolve(isOneAtFault ? storeAlone(waiting) : resolveFailure(pool, waiting.append.key, error));
      }
    }
  };

  const rules = {
    weigh: ({ append }: Waiting) => append.batch.count,
    maxWeight: MAX_GROUP_ROWS,
    maxWaiting: MAX_WAITING_ROWS,
    maxWaitingMs: MAX_WAITING_MS,
    // It is for several callers, and would else count as that of whoever came first.
    work: (group: readonly Waiting[]) => workFor(THE_SERVER, storeTogether, group),
    turnAway: ({ answer }: Waiting) => answer.reject(new BusyError("too many appends gather, or this one has for too long")),
  };
  const gather = (traced: Traced): Promise<StoredAppend> => {
    const { table_name: table } = traced.append.channel;
    const add = batchers.get(table) ?? createBatcher<Waiting>(rules);
    batchers.set(table, add);
    const answer = Promise.withResolvers<StoredAppend>();
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
        const { count, days } = append.batch;
        return await (count > MAX_SMALL_ROWS || days.size > MAX_SMALL_DAYS ? storeAlone(traced) : gather(traced));
      } finally {
        if (key !== undefined) runningKeys.delete(key);
      }
    },
  };
}

/** Rows that were not stored by an earlier request with the same key. */
function countNew(result: StoredAppend | Error): number {
  return result instanceof Error || result.isReplayed ? 0 : result.insertedRows;
}
