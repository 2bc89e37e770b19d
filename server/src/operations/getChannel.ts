import { JsonText } from "../contract/json-text.ts";
import type { Operation } from "../contract/operation.ts";
import type { Lane } from "../db/lane.ts";
import { selectChannel } from "../db/queries/selectChannel.ts";
import { channelJson } from "../domain/channel-json.ts";
import { etagOf } from "../domain/etag.ts";
import { channelNotFound } from "../problems/channel-not-found.ts";
import { requesterOf } from "./requester.ts";

export const getChannel = getOn("reader");
export const getChannelAsWriter = getOn("writer");
export const getChannelAsAdmin = getOn("admin");

function getOn(lane: Lane): Operation<"getChannel"> {
  return async ({ path, principal }, { database }) => {
    const channel = await selectChannel(database.pools[lane], path.channel_id, requesterOf({ principal }).scope);
    if (!channel) throw channelNotFound(path.channel_id);
    return { status: 200, headers: { ETag: etagOf(channel) }, body: new JsonText(channelJson(channel)) };
  };
}
