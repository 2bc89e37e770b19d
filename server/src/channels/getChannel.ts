import { foundReply } from "./channel-reply.ts";
import type { Operation } from "../contract/operation.ts";
import type { DatabaseRole } from "../config/database-role.ts";
import { selectChannel } from "./queries/selectChannel.ts";
import { channelNotFound } from "../problems/common.ts";
import { requesterOf } from "../access/principal.ts";

export const getChannel = getOn("reader");
export const getChannelAsWriter = getOn("writer");
export const getChannelAsAdmin = getOn("admin");

function getOn(role: DatabaseRole): Operation<"getChannel"> {
  return async ({ path, principal }, { database }) => {
    const channel = await selectChannel(database.pools[role], path.channel_id, requesterOf({ principal }).scope);
    if (!channel) throw channelNotFound(path.channel_id);
    return foundReply(channel);
  };
}
