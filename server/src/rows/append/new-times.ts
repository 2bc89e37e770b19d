/**
 * In charge of appends that leave out rows whose time their channel has already. Those of one channel look and store one after the other: by a
 * lock of the database, and before that by turns in this process, so that none holds a connection while it waits (ADR 30).
 */
import type { CommonQueryMethods } from "slonik";
import type { ChannelStats, StoredChannel } from "../../channels/queries/channel-definition.ts";
import { selectChannelById } from "../../channels/queries/selectChannelById.ts";
import { CONFLICT, type Conflict, isConflict } from "../../channels/retry-on-conflict.ts";
import type { AppendContext } from "./group-commit.ts";
import { insertRows } from "./queries/insertRows.ts";
import { lockTimes } from "./queries/lockTimes.ts";
import { selectStoredTimes } from "./queries/selectStoredTimes.ts";
import { pickRows, type RowBatch } from "./row-batch.ts";
import type { Append } from "./store-group.ts";
import { storeOnce } from "./store-once.ts";
import type { StoredAppend } from "./stored-append.ts";

/** For a channel that exists. @throws what storing throws; the channel may have been changed meanwhile. */
export function storeNewTimes(context: AppendContext, append: Append): Promise<StoredAppend | Conflict> {
  const { channel, batch, key, requestedAt, report } = append;
  return context.takeTurn(channel.id, () =>
    storeOnce(context.database.pools.writer, key, async (transaction) => {
      const inserted = await insertNewTimes(transaction, channel, batch);
      if (isConflict(inserted)) return inserted;
      const { stats, kept } = inserted;
      return { channel, stats, kept, isCreated: false, insertedRows: kept.count, requestedAt, report };
    }),
  );
}

type Inserted = { readonly stats: ChannelStats & Pick<StoredChannel, "version">; readonly kept: RowBatch };

/** A conflict when the channel was changed since it was read. */
export async function insertNewTimes(
  transaction: CommonQueryMethods,
  channel: StoredChannel,
  batch: RowBatch,
): Promise<Inserted | Conflict> {
  await lockTimes(transaction, channel.id);
  const kept = withoutTimes(batch, await findStored(transaction, channel, batch.times));
  if (kept.count === 0) {
    const current = await selectChannelById(transaction, channel.id);
    return current?.schema_version === channel.schema_version ? { stats: current, kept } : CONFLICT;
  }
  const inserted = await insertRows(transaction, channel.table_name, [{ channel, batch: kept }], []);
  const [stats] = inserted.kind === "stored" ? inserted.states : [];
  if (!stats) throw new Error(`the database did not count the rows of channel ${channel.id}`);
  return { stats, kept };
}

/** Times that are looked up by one statement: in their order they lie in one chunk or two, as a rule. */
const STEP_TIMES = 1_000;

async function findStored(
  transaction: CommonQueryMethods,
  channel: StoredChannel,
  times: readonly string[],
): Promise<ReadonlySet<string>> {
  const sorted = [...new Set(times)].toSorted();
  const stored = new Set<string>();
  for (let start = 0; start < sorted.length; start += STEP_TIMES) {
    const step = sorted.slice(start, start + STEP_TIMES);
    for (const time of await selectStoredTimes(transaction, channel, step)) stored.add(time);
  }
  return stored;
}

/** Without the rows of these times, and without each that has the time of one before it. */
function withoutTimes(batch: RowBatch, times: ReadonlySet<string>): RowBatch {
  const taken = new Set(times);
  const places: number[] = [];
  for (const [place, time] of batch.times.entries()) {
    if (taken.has(time)) continue;
    taken.add(time);
    places.push(place);
  }
  return places.length === batch.count ? batch : pickRows(batch, places);
}
