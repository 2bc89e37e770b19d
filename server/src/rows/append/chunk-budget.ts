/**
 * In charge of how many chunks appends may create. A chunk is a table with indexes of its own: a statement over all of a series table locks
 * each of them, and with thousands of chunks, which 219 requests could make, there were not enough locks for anybody.
 */
import type { CommonQueryMethods } from "slonik";
import type { StoredChannel } from "../../channels/queries/channel-definition.ts";
import { ProblemError } from "../../problems/problem-error.ts";
import { selectChunkDays, selectMaxTableChunks } from "./queries/selectChunkDays.ts";
import type { RowBatch } from "./row-batch.ts";

type Table = Pick<StoredChannel, "chunk_days" | "table_name">;

export type ChunkBudget = {
  /** @throws ProblemError too_many_chunks when the rows would create too many, in this request or in their table. */
  readonly check: (connection: CommonQueryMethods, table: Table, batch: Pick<RowBatch, "days">, now: number) => Promise<void>;
};

/** Chunks of the present are made as time goes by, however many there are: only the past is bounded. */
const RECENT_DAYS = 31;
const DAY_MS = 86_400_000;
/** Longer than an append may take: what was let through and is not there by then was not stored. */
const PROMISE_MS = 60_000;

type Known = {
  /** Numbers of the chunks that are there. */
  stored: Set<number>;
  /** Chunks of appends that were let through, and until when they count: many may be under way at once. */
  readonly promised: Map<number, number>;
};

/** @param maxNewChunks of one request. */
export function createChunkBudget(maxNewChunks: number): ChunkBudget {
  const tables = new Map<string, Known>();
  let maxTableChunks: number | null = null;

  return {
    check: async (connection, { chunk_days, table_name }, { days }, now) => {
      const numbers = new Set([...days].map((day) => Math.floor(day / chunk_days)));
      const known: Known = tables.get(table_name) ?? { stored: new Set(), promised: new Map() };
      tables.set(table_name, known);
      // What was promised to another append counts already, and need not be looked up by each that comes at the same time.
      const clock = performance.now();
      if ([...numbers].every((number) => known.stored.has(number) || (known.promised.get(number) ?? 0) > clock)) return;

      maxTableChunks ??= await selectMaxTableChunks(connection);
      known.stored = new Set((await selectChunkDays(connection, table_name)).map((day) => Math.floor(day / chunk_days)));
      const created = [...numbers].filter((number) => !known.stored.has(number));
      if (created.length > maxNewChunks) throw tooManyAtOnce(created.length, chunk_days, maxNewChunks);

      const firstRecent = Math.floor((now / DAY_MS - RECENT_DAYS) / chunk_days);
      for (const [number, until] of known.promised) {
        if (until < clock || known.stored.has(number)) known.promised.delete(number);
      }
      const old = created.filter((number) => number < firstRecent && !known.promised.has(number));
      if (old.length > 0 && known.stored.size + known.promised.size + old.length > maxTableChunks)
        throw tooManyInTable(known.stored.size, chunk_days, maxTableChunks);
      for (const number of created) known.promised.set(number, clock + PROMISE_MS);
    },
  };
}

function tooManyAtOnce(count: number, chunkDays: number, maxChunks: number): ProblemError {
  return new ProblemError(
    "too_many_chunks",
    `The rows would create ${count} storage chunks of ${chunkDays} days; one request may create ${maxChunks}. ` +
      `Sort them by time and send at most ${maxChunks * chunkDays} days at once, or create the channel with a sparser density.`,
  );
}

function tooManyInTable(count: number, chunkDays: number, maxChunks: number): ProblemError {
  return new ProblemError(
    "too_many_chunks",
    `The storage that the channel shares with others of its layout has ${count} chunks of ${chunkDays} days, and rows of the past may bring it ` +
      `to ${maxChunks}. Create a channel with a sparser density for them: "sparse" has chunks of ten years.`,
  );
}
