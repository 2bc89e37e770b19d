import type { Operation } from "../../contract/operation.ts";
import { isWithin } from "../../access/channel-scope.ts";
import { channelNotFound } from "../../problems/common.ts";
import { ProblemError } from "../../problems/problem-error.ts";
import { checkBodyId } from "../../channels/preconditions.ts";
import type { StoredChannel } from "../../channels/queries/channel-definition.ts";
import type { AppendContext } from "./group-commit.ts";
import { planBatch, type PlannedBatch, readAppendRows, rowRules } from "./plan-append.ts";
import { type IdempotencyKey, readIdempotencyKey } from "./idempotency-key.ts";
import { requesterOf } from "../../access/principal.ts";
import { CONFLICT, type Conflict, isConflict, retryOnConflict } from "../../channels/retry-on-conflict.ts";
import { appendResult, wantsRows } from "./append-result.ts";
import { storeNewTimes } from "./new-times.ts";
import { findReplay } from "./claim-or-replay.ts";
import { type StoredAppend, toReport } from "./stored-append.ts";
import type { DatabasePool } from "slonik";

/** The admin's lane appends with the rights of the writer's: a higher role uses the lower lane. */
export const appendRows: Operation<"appendRows", AppendContext> = async (request, context) => {
  const { path, query, headers, principal, fingerprint } = request;
  if (request.contentType === "application/json") checkBodyId(path.channel_id, request.body);
  const key = readIdempotencyKey(headers["idempotency-key"], principal, fingerprint);
  if (!isWithin(requesterOf(request).scope, path.channel_id)) throw channelNotFound(path.channel_id);
  const requestedAt = context.now();
  const rules = rowRules(request.contentType, query);

  return retryOnConflict(async (attempt) => {
    const isIgnoring = query.on_same_time === "ignore";
    const cached = attempt === 1 && !isIgnoring ? context.channelCache.get(path.channel_id) : null;
    const channel = cached ?? (await context.channelCache.load(path.channel_id));
    if (!channel) throw channelNotFound(path.channel_id);
    const plan = async (by: StoredChannel, time: number) => {
      const rows = await readAppendRows(request, by, rules, context.config);
      return planBatch(by, rows, rules, time, context);
    };
    const answer = async (stored: StoredAppend, planned: PlannedBatch | null) => {
      const isKnown = !stored.isReplayed || (stored.isReadable && wantsRows(headers.prefer));
      const rows = stored.isReplayed && isKnown ? await plan(stored.channel, stored.requestedAt) : planned;
      return { status: 200 as const, ...appendResult(stored, isKnown ? rows : null, headers.prefer, context.observe) };
    };
    const planned = await orReplay(context.database.pools.writer, key, cached !== null, async () => {
      const batch = await plan(channel, requestedAt);
      await context.chunkBudget.check(context.database.pools.writer, channel, batch.batch, requestedAt);
      return batch;
    });
    if (isConflict(planned)) return planned;
    if ("isReplayed" in planned) return answer(planned, null);
    const report = toReport(planned);
    const append = { channel, batch: planned.batch, key, requestedAt, report };
    const stored = isIgnoring ? await storeNewTimes(context, append) : await context.groupCommit.store(append);
    if (isConflict(stored)) return stored;
    if (stored.channel !== channel) context.channelCache.set(stored.channel);
    return answer(stored, planned);
  });
};

/**
 * Rows that are refused by a definition which may be out of date have to be looked at again; and those that were stored with this key, by the
 * columns of then, are stored.
 */
async function orReplay<T>(
  pool: DatabasePool,
  key: IdempotencyKey | null,
  mayBeOutdated: boolean,
  plan: () => Promise<T>,
): Promise<T | StoredAppend | Conflict> {
  try {
    return await plan();
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    if (mayBeOutdated) return CONFLICT;
    const replayed = await findReplay(pool, key);
    if (replayed) return replayed;
    throw error;
  }
}

export const appendRowsAsAdmin: Operation<"appendRowsAsAdmin", AppendContext> = appendRows;
