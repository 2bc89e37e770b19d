import type { Operation } from "../contract/operation.ts";
import { deleteChannel } from "./queries/deleteChannel.ts";
import { selectChannel } from "./queries/selectChannel.ts";
import { NO_LIMIT } from "../access/channel-scope.ts";
import { authorOf } from "../audit/author.ts";
import { retryOnConflict } from "./retry-on-conflict.ts";

export const deleteChannels: Operation<"deleteChannels"> = async (request, { database }) => {
  const pool = database.pools.admin;
  const results = [];
  for (const channel_id of request.body.channel_ids) {
    const deleted = await retryOnConflict(async () => {
      const channel = await selectChannel(pool, channel_id, NO_LIMIT);
      if (!channel) return false;
      return (await deleteChannel(pool, channel, authorOf(request))) || null;
    });
    results.push(deleted ? { channel_id, deleted } : { channel_id, deleted, code: "channel_not_found" as const });
  }
  return { status: 200, body: results };
};
