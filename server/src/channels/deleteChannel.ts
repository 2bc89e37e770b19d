import { JsonText } from "../contract/json-text.ts";
import type { Operation } from "../contract/operation.ts";
import { deleteChannel as deleteStored } from "./queries/deleteChannel.ts";
import { selectChannel } from "./queries/selectChannel.ts";
import { channelJson } from "./channel-json.ts";
import { NO_LIMIT } from "../access/channel-scope.ts";
import { channelNotFound } from "../problems/common.ts";
import { checkMatch } from "./preconditions.ts";
import { authorOf } from "../audit/author.ts";
import { CONFLICT, retryOnConflict } from "./retry-on-conflict.ts";

/** Marks the channel; the janitor frees its storage. */
export const deleteChannel: Operation<"deleteChannel"> = async (request, { database }) => {
  const { path, headers } = request;
  const pool = database.pools.admin;
  return retryOnConflict(async () => {
    const channel = await selectChannel(pool, path.channel_id, NO_LIMIT);
    if (!channel) throw channelNotFound(path.channel_id);
    checkMatch(headers["if-match"], channel);
    return (await deleteStored(pool, channel, authorOf(request)))
      ? { status: 200 as const, body: new JsonText(channelJson(channel)) }
      : CONFLICT;
  });
};
