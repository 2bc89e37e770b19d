import type { Operation } from "../../contract/operation.ts";
import { isWithin } from "../../access/channel-scope.ts";
import { channelNotFound } from "../../problems/channel-not-found.ts";
import { ProblemError } from "../../problems/problem-error.ts";
import { checkBodyId } from "../../channels/check-body-id.ts";
import type { AppendContext } from "./group-commit.ts";
import { checkChunks, planBatch, readAppendRows } from "./plan-append.ts";
import { readIdempotencyKey } from "./idempotency-key.ts";
import { requesterOf } from "../../access/requester.ts";
import { retryOnConflict } from "../../channels/retry-on-conflict.ts";
import { appendResult } from "./append-result.ts";

/** The admin's lane appends with the rights of the writer's: a higher role uses the lower lane. */
export const appendRows: Operation<"appendRows", AppendContext> = async (request, context) => {
  const { path, query, headers, principal, fingerprint } = request;
  if (request.contentType === "application/json") checkBodyId(path.channel_id, request.body.channel_id);
  const key = readIdempotencyKey(headers["idempotency-key"], principal, fingerprint);
  if (!isWithin(requesterOf(request).scope, path.channel_id)) throw channelNotFound(path.channel_id);
  const requestedAt = context.now();

  return retryOnConflict(async (attempt) => {
    const remembered = attempt === 1 ? context.channelCache.recall(path.channel_id) : null;
    const channel = remembered ?? (await context.channelCache.read(path.channel_id));
    if (!channel) throw channelNotFound(path.channel_id);
    const plan = (time: number) => planBatch(channel, readAppendRows(request, channel), query.strict ?? true, time, context);
    const planned = await orNull(remembered !== null, async () => {
      const batch = plan(requestedAt);
      await checkChunks(context.database.pools.writer, channel, batch.batch, context.config.maxNewChunks);
      return batch;
    });
    if (!planned) return null;
    const stored = await context.groupCommit.store({ channel, batch: planned.batch, key, requestedAt });
    if (stored.channel !== channel) context.channelCache.keep(stored.channel);
    const matching = stored.isReplayed ? plan(stored.requestedAt) : planned;
    return { status: 200, ...appendResult(stored, matching, headers.prefer, context.observe) };
  });
};

/** Rows that are refused by a definition which may be out of date have to be looked at again: null. */
async function orNull<T>(mayBeOutdated: boolean, plan: () => Promise<T>): Promise<T | null> {
  try {
    return await plan();
  } catch (error) {
    if (mayBeOutdated && error instanceof ProblemError) return null;
    throw error;
  }
}

export const appendRowsAsAdmin: Operation<"appendRowsAsAdmin", AppendContext> = appendRows;
