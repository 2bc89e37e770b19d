/** In charge of storing appends to one table together: one INSERT and one commit for all of them. */
import type { CommonQueryMethods, DatabasePool } from "slonik";
import type { StoredChannel } from "../db/queries/channel-definition.ts";
import { claimKeys } from "../db/queries/claimKeys.ts";
import { insertOutcomes } from "../db/queries/insertOutcomes.ts";
import { type CommittedState, insertRows } from "../db/queries/insertRows.ts";
import { selectChannelById } from "../db/queries/selectChannelById.ts";
import type { RowBatch } from "../domain/row-batch.ts";
import { ProblemError } from "../problems/problem-error.ts";
import type { RequestKey } from "./request-key.ts";
import { readClaim, replay, stillRunning, type Stored, toOutcome } from "./stored.ts";

/** Rows of one request, for a channel that exists. */
export type Append = {
  readonly channel: StoredChannel;
  readonly batch: RowBatch;
  readonly key: RequestKey | null;
  readonly requestedAt: number;
};

/**
 * Returns what came of each append, in their order: some keys may have been used before.
 *
 * @throws whatever the database says; then nothing was stored, unless the connection was lost.
 */
export function storeGroup(pool: DatabasePool, appends: readonly Append[]): Promise<readonly (Stored | ProblemError)[]> {
  if (appends.every(({ key }) => key === null)) return store(pool, appends);

  return pool.transaction(async (transaction) => {
    const replayed = await claim(transaction, appends);
    const free = appends.filter((append) => !replayed.has(append));
    const stored = await store(transaction, free);
    const outcomes = free.flatMap(({ key }, index) => (key && stored[index] ? [toOutcome(key, stored[index])] : []));
    if (outcomes.length > 0) await insertOutcomes(transaction, outcomes);

    const results = new Map([...replayed, ...free.map((append, index) => [append, stored[index]] as const)]);
    return appends.map((append) => results.get(append) ?? stillRunning());
  });
}

/** What is known of the appends whose key is not free. */
async function claim(transaction: CommonQueryMethods, appends: readonly Append[]): Promise<Map<Append, Stored | ProblemError>> {
  const keyed = appends.flatMap((append) => (append.key ? [{ append, key: append.key }] : []));
  const claims = await claimKeys(
    transaction,
    keyed.map(({ key }) => key.hash),
  );
  const known = new Map<Append, Stored | ProblemError>();
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

async function store(connection: CommonQueryMethods, appends: readonly Append[]): Promise<readonly Stored[]> {
  const [first] = appends;
  if (!first) return [];
  const states = await insertRows(connection, first.channel.table_name, appends);
  const byChannel = new Map(states.map((state) => [state.channel, state]));
  return Promise.all(
    appends.map(async ({ channel, batch, requestedAt }) => {
      const stats = byChannel.get(channel.id);
      if (!stats) throw new Error(`the database did not count the rows of channel ${channel.id}`);
      return {
        channel: await refresh(connection, channel, stats),
        stats,
        isCreated: false,
        insertedRows: batch.count,
        requestedAt,
        isReplayed: false,
      };
    }),
  );
}

/** The rows went in by the columns as they are, but labels may have changed since the definition was read. */
async function refresh(
  connection: CommonQueryMethods,
  channel: StoredChannel,
  { version }: CommittedState,
): Promise<StoredChannel> {
  if (version === channel.version) return channel;
  return (await selectChannelById(connection, channel.id)) ?? channel;
}
