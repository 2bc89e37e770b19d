/**
 * In charge of remembering definitions, so that an append need not read one that has not changed. What is remembered may be out of date:
 * whoever stores rows by it is told so by the database, and whoever would refuse rows by it has to read again. It knows
 * nothing of who asks: that is looked at before.
 */
import type { DatabasePool } from "slonik";
import type { StoredChannel } from "./queries/channel-definition.ts";
import { selectChannel } from "./queries/selectChannel.ts";
import { NO_LIMIT } from "../access/channel-scope.ts";

/** Over all definitions, as text; those that were used longest ago make room. What is kept takes a few times as much memory. */
const MAX_CHARACTERS = 4_000_000;

export type ChannelCache = {
  readonly recall: (channelId: string) => StoredChannel | null;
  /** Null when there is no such channel. */
  readonly read: (channelId: string) => Promise<StoredChannel | null>;
  /** For a definition that has just been read by somebody else. */
  readonly keep: (channel: StoredChannel) => void;
};

export function createChannelCache(pool: DatabasePool): ChannelCache {
  const remembered = new Map<string, StoredChannel>();
  let characters = 0;

  const forget = (channelId: string): void => {
    characters -= remembered.get(channelId)?.definition.length ?? 0;
    remembered.delete(channelId);
  };
  const keep = (channel: StoredChannel): void => {
    forget(channel.channel_id);
    remembered.set(channel.channel_id, channel);
    characters += channel.definition.length;
    for (const oldest of remembered.keys()) {
      if (characters <= MAX_CHARACTERS) return;
      forget(oldest);
    }
  };

  return {
    recall: (channelId) => {
      const channel = remembered.get(channelId.toLowerCase()) ?? null;
      if (channel) keep(channel);
      return channel;
    },
    read: async (channelId) => {
      const channel = await selectChannel(pool, channelId, NO_LIMIT);
      if (channel) keep(channel);
      else forget(channelId.toLowerCase());
      return channel;
    },
    keep,
  };
}
