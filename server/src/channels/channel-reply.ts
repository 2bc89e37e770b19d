/** In charge of answers that show one channel: how it is, with its version, and where it is when it has just been made. */
import { JsonText } from "../contract/json-text.ts";
import { etagOf } from "../formats/etag.ts";
import { channelJson } from "./channel-json.ts";
import type { StoredChannel } from "./queries/channel-definition.ts";

export function foundReply(channel: StoredChannel) {
  return { status: 200 as const, headers: { ETag: etagOf(channel) }, body: new JsonText(channelJson(channel)) };
}

export function createdReply(channel: StoredChannel) {
  const headers = { Location: locationOf(channel), ETag: etagOf(channel) };
  return { status: 201 as const, headers, body: new JsonText(channelJson(channel)) };
}

export function locationOf({ channel_id: id }: Pick<StoredChannel, "channel_id">): string {
  return `/api/v1/channels/${id}`;
}
