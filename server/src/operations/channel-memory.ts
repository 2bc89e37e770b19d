/**
 * In charge of remembering definitions, so that an append need not read one that has not changed. What is remembered may be out of date:
 * whoever stores rows by it is told so by the database, and whoever would refuse rows by it has to read again. It knows
 * nothing of who asks: that is looked at before.
 */
import type { DatabasePool } from "slonik";
import type { StoredChannel } from "../db/queries/channel-definition.ts";
import { selectChannel } from "../db/queries/selectChannel.ts";
import { NO_LIMIT } from "../domain/channel-scope.ts";

/** Over all definitions, as text; those that were used longest ago make room. What is kept takes a few times as much memory. */
const MOST_CHARACTERS = 4_000_000;

export type ChannelMemory = {
  readonly recall: (channelId: string) => StoredChannel | null;
  /** Null when there is no such channel. */
  readonly read: (channelId: string) => Promise<StoredChannel | null>;
};

export function createChannelMemory(pool: DatabasePool): ChannelMemory {
  const remembered = new Map<string, StoredChannel>();
  let characters = 0;

  const forget = (channelId: string): StoredChannel | null => {
    const channel = remembered.get(channelId) ?? null;
    if (channel) characters -= channel.definition.length;
    remembered.delete(channelId);
    return channel;
  };
  const remember = (channelId: string, channel: StoredChannel): void => {
    remembered.set(channelId, channel);
    characters += channel.definition.length;
    for (const oldest of remembered.keys()) {
      if (characters <= MOST_CHARACTERS) return;
      forget(oldest);
    }
  };

  return {
    recall: (channelId) => {
      const channel = forget(channelId);
      if (channel) remember(channelId, channel);
      return channel;
    },
    read: async (channelId) => {
      const channel = await selectChannel(pool, channelId, NO_LIMIT);
      forget(channelId);
      if (channel) remember(channelId, channel);
      return channel;
    },
  };
}
