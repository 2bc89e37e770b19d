import type { Operation } from "../../contract/operation.ts";
import { isWithin } from "../../access/channel-scope.ts";
import { channelNotFound } from "../../problems/common.ts";
import { ProblemError } from "../../problems/problem-error.ts";
import { checkBodyId } from "../../channels/preconditions.ts";
import type { AppendContext } from "./group-commit.ts";
import { checkChunks, planBatch, readAppendRows } from "./plan-append.ts";
import { readIdempotencyKey } from "./idempotency-key.ts";
import { requesterOf } from "../../access/principal.ts";
import { CONFLICT, type Conflict, isConflict, retryOnConflict } from "../../channels/retry-on-conflict.ts";
import { appendResult } from "./append-result.ts";

/** The admin's lane appends with the rights of the writer's: a higher role uses the lower lane. */
export const appendRows: Operation<"appendRows", AppendContext> = async (request, context) => {
  const { path, query, headers, principal, fingerprint } = request;
  if (request.contentType === "application/json") checkBodyId(path.channel_id, request.body.channel_id);
  const key = readIdempotencyKey(headers["idempotency-key"], principal, fingerprint);
  if (!isWithin(requesterOf(request).scope, path.channel_id)) throw channelNotFound(path.channel_id);
  const requestedAt = context.now();

  return retryOnConflict(async (attempt) => {
    const cached = attempt === 1 ? context.channelCache.get(path.channel_id) : null;
    const channel = cached ?? (await context.channelCache.load(path.channel_id));
    if (!channel) throw channelNotFound(path.channel_id);
    const plan = (time: number) => planBatch(channel, readAppendRows(request, channel), query.strict ?? true, time, context);
    const planned = await orConflict(cached !== null, async () => {
      const batch = plan(requestedAt);
      await checkChunks(context.database.pools.writer, channel, batch.batch, context.config.maxNewChunks);
      return batch;
    });
    if (isConflict(planned)) return planned;
    const stored = await context.groupCommit.store({ channel, batch: planned.batch, key, requestedAt });
    if (stored.channel !== channel) context.channelCache.set(stored.channel);
    const matching = stored.isReplayed ? plan(stored.requestedAt) : planned;
    return { status: 200 as const, ...appendResult(stored, matching, headers.prefer, context.observe) };
  });
};

/** Rows that are refused by a definition which may be out of date have to be looked at again. */
async function orConflict<T>(mayBeOutdated: boolean, plan: () => Promise<T>): Promise<T | Conflict> {
  try {
    return await plan();
  } catch (error) {
    if (mayBeOutdated && error instanceof ProblemError) return CONFLICT;
    throw error;
  }
}

export const appendRowsAsAdmin: Operation<"appendRowsAsAdmin", AppendContext> = appendRows;
