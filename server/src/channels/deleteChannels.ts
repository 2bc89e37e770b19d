import type { Operation } from "../contract/operation.ts";
import { deleteChannel } from "./queries/deleteChannel.ts";
import { selectChannel } from "./queries/selectChannel.ts";
import { NO_LIMIT } from "../access/channel-scope.ts";
import { authorOf } from "../audit/author.ts";
import { CONFLICT, retryOnConflict } from "./retry-on-conflict.ts";

export const deleteChannels: Operation<"deleteChannels"> = async (request, { database }) => {
  const pool = database.pools.admin;
  const results = [];
  for (const channel_id of request.body.channel_ids) {
    const result = await retryOnConflict(async () => {
      const channel = await selectChannel(pool, channel_id, NO_LIMIT);
      if (!channel) return { channel_id, deleted: false, code: "channel_not_found" as const };
      return (await deleteChannel(pool, channel, authorOf(request))) ? { channel_id, deleted: true } : CONFLICT;
    });
    results.push(result);
  }
  return { status: 200, body: results };
};
