/** In charge of storing appends to one table together: one INSERT and one commit for all of them. */
import type { CommonQueryMethods, DatabasePool } from "slonik";
import type { StoredChannel } from "../../channels/queries/channel-definition.ts";
import { claimIdempotencyKeys } from "./queries/claimIdempotencyKeys.ts";
import { insertRows } from "./queries/insertRows.ts";
import { selectChannelById } from "../../channels/queries/selectChannelById.ts";
import type { RowBatch } from "./row-batch.ts";
import { ProblemError } from "../../problems/problem-error.ts";
import type { IdempotencyKey } from "./idempotency-key.ts";
import { readClaim, replay, stillRunning, type StoredAppend } from "./stored-append.ts";

/** Rows of one request, for a channel that exists. */
export type Append = {
  readonly channel: StoredChannel;
  readonly batch: RowBatch;
  readonly key: IdempotencyKey | null;
  readonly requestedAt: number;
};

/**
 * Returns what came of each append, in their order: some keys may have been used before.
 *
 * @throws whatever the database says; then nothing was stored, unless the connection was lost.
 */
export async function storeGroup(
  pool: DatabasePool,
  appends: readonly Append[],
): Promise<readonly (StoredAppend | ProblemError)[]> {
  // Nearly always all keys are new.
  const results = (await store(pool, appends)) ?? (await pool.transaction((transaction) => storeUnseen(transaction, appends)));
  const renewed = await readRenewed(pool, results);
  return results.map((result) => (result instanceof Error ? result : describe(result, renewed)));
}

/** Channels whose labels were changed since their definition was read. */
async function readRenewed(
  pool: DatabasePool,
  results: readonly (StoredAppend | ProblemError)[],
): Promise<ReadonlyMap<number, StoredChannel | null>> {
  const renewed = new Map<number, StoredChannel | null>();
  for (const result of results) {
    if (result instanceof Error || result.stats.version === result.channel.version || renewed.has(result.channel.id)) continue;
    // The rows are stored: labels that are out of date are a better answer than an error, which would say that they are not.
    renewed.set(result.channel.id, await selectChannelById(pool, result.channel.id).catch(() => null));
  }
  return renewed;
}

function describe(stored: StoredAppend, renewed: ReadonlyMap<number, StoredChannel | null>): StoredAppend {
  const channel = renewed.get(stored.channel.id);
  return channel ? { ...stored, channel } : stored;
}

async function storeUnseen(
  transaction: CommonQueryMethods,
  appends: readonly Append[],
): Promise<readonly (StoredAppend | ProblemError)[]> {
  const known = await claim(transaction, appends);
  const free = appends.filter((append) => !known.has(append));
  const stored = (await store(transaction, free)) ?? [];
  const results = new Map([...known, ...free.map((append, index) => [append, stored[index]] as const)]);
  return appends.map((append) => results.get(append) ?? stillRunning());
}

/** What is known of the appends whose key is not free. */
async function claim(
  transaction: CommonQueryMethods,
  appends: readonly Append[],
): Promise<Map<Append, StoredAppend | ProblemError>> {
  const keyed = appends.flatMap((append) => (append.key ? [{ append, key: append.key }] : []));
  const claims = await claimIdempotencyKeys(
    transaction,
    keyed.map(({ key }) => key.hash),
  );
  const known = new Map<Append, StoredAppend | ProblemError>();
  for (const [index, { append, key }] of keyed.entries()) {
    try {
      const seen = readClaim(key, claims[index] ?? { isClaimed: false, outcome: null });
      if (seen) known.set(append, await replay(transaction, seen));
    } catch (error) {
      if (!(error instanceof ProblemError)) throw error;
      known.set(append, error);
    }
  }
  return known;
}

/** Null when a key is not free; then nothing was stored. The definitions may be older than the commit, but the columns are not. */
async function store(connection: CommonQueryMethods, appends: readonly Append[]): Promise<readonly StoredAppend[] | null> {
  const [first] = appends;
  if (!first) return [];
  const keyed = appends.flatMap((append) => (append.key ? [{ ...append, key: append.key }] : []));
  const states = await insertRows(connection, first.channel.table_name, appends, keyed);
  if (states.length === 0) return null;
  const byChannel = new Map(states.map((state) => [state.channel, state]));
  return appends.map(({ channel, batch, requestedAt }) => {
    const stats = byChannel.get(channel.id);
    if (!stats) throw new Error(`the database did not count the rows of channel ${channel.id}`);
    return { channel, stats, isCreated: false, insertedRows: batch.count, requestedAt, isReplayed: false };
  });
}
