/** In charge of storing appends to one table together: one INSERT and one commit for all of them. */
import type { CommonQueryMethods, DatabasePool } from "slonik";
import type { StoredChannel } from "../../channels/queries/channel-definition.ts";
import { selectChannelById } from "../../channels/queries/selectChannelById.ts";
import type { ProblemError } from "../../problems/problem-error.ts";
import { claimOrReplay } from "./claim-or-replay.ts";
import { type IdempotencyKey, stillRunning } from "./idempotency-key.ts";
import { insertRows } from "./queries/insertRows.ts";
import type { RowBatch } from "./row-batch.ts";
import type { RowReport, StoredAppend } from "./stored-append.ts";

/** Rows of one request, for a channel that exists. */
export type Append = {
  readonly channel: StoredChannel;
  readonly batch: RowBatch;
  readonly key: IdempotencyKey | null;
  readonly requestedAt: number;
  readonly report: RowReport;
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
  const first = await store(pool, appends);
  const results =
    first.kind === "stored" ? first.appends : await pool.transaction((transaction) => storeUnseen(transaction, appends));
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
  const known = await lookUpKeys(transaction, appends);
  const free = appends.filter((append) => !known.has(append));
  const outcome = await store(transaction, free);
  const stored = outcome.kind === "stored" ? outcome.appends : [];
  const results = new Map([...known, ...free.map((append, index) => [append, stored[index]] as const)]);
  return appends.map((append) => results.get(append) ?? stillRunning());
}

/** What is known of the appends whose key is not free. */
async function lookUpKeys(
  transaction: CommonQueryMethods,
  appends: readonly Append[],
): Promise<Map<Append, StoredAppend | ProblemError>> {
  const keyed = appends.flatMap((append) => (append.key ? [{ append, key: append.key }] : []));
  const claimed = await claimOrReplay(
    transaction,
    keyed.map(({ key }) => key),
  );
  const known = new Map<Append, StoredAppend | ProblemError>();
  for (const [index, { append }] of keyed.entries()) {
    const claim = claimed[index];
    if (claim?.kind === "replayed") known.set(append, claim.stored);
    if (claim?.kind === "refused") known.set(append, claim.problem);
  }
  return known;
}

type GroupStored =
  | { readonly kind: "stored"; readonly appends: readonly StoredAppend[] }
  /** A key was not free, and nothing was stored. */
  | { readonly kind: "key_taken" };

/** The definitions may be older than the commit, but the columns are not. */
async function store(connection: CommonQueryMethods, appends: readonly Append[]): Promise<GroupStored> {
  const [first] = appends;
  if (!first) return { kind: "stored", appends: [] };
  const keyed = appends.flatMap((append) => (append.key ? [{ ...append, key: append.key }] : []));
  const inserted = await insertRows(connection, first.channel.table_name, appends, keyed);
  if (inserted.kind === "key_taken") return inserted;
  const byChannel = new Map(inserted.states.map((state) => [state.channel, state]));
  const stored = appends.map(({ channel, batch, requestedAt, report }) => {
    const stats = byChannel.get(channel.id);
    if (!stats) throw new Error(`the database did not count the rows of channel ${channel.id}`);
    const insertedRows = batch.count;
    return { channel, stats, isCreated: false, insertedRows, requestedAt, report, isReplayed: false, isReadable: true };
  });
  return { kind: "stored", appends: stored };
}
