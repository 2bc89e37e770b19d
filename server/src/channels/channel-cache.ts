/**
 * In charge of definitions that are kept in memory, so that an append need not read one that has not changed. A definition may be out of
 * date: the statement that stores rows by it fails then, and before rows are refused by it, it has to be loaded again. The rights of the
 * caller are checked before the cache is asked.
 */
import { LRUCache } from "lru-cache";
import type { DatabasePool } from "slonik";
import { NO_LIMIT } from "../access/channel-scope.ts";
import type { StoredChannel } from "./queries/channel-definition.ts";
import { selectChannel } from "./queries/selectChannel.ts";

/** Over all definitions, as text. In memory each takes a few times as much. */
const MAX_CHARACTERS = 4_000_000;

export type ChannelCache = {
  readonly get: (channelId: string) => StoredChannel | null;
  /** Null when there is no such channel. */
  readonly load: (channelId: string) => Promise<StoredChannel | null>;
  /** For a definition that has just been read elsewhere. */
  readonly set: (channel: StoredChannel) => void;
};

export function createChannelCache(pool: DatabasePool): ChannelCache {
  const channels = new LRUCache<string, StoredChannel>({
    maxSize: MAX_CHARACTERS,
    sizeCalculation: ({ definition }) => definition.length,
  });
  const set = (channel: StoredChannel): void => void channels.set(channel.channel_id, channel);
  return {
    get: (channelId) => channels.get(channelId.toLowerCase()) ?? null,
    load: async (channelId) => {
      const channel = await selectChannel(pool, channelId, NO_LIMIT);
      if (channel) set(channel);
      else channels.delete(channelId.toLowerCase());
      return channel;
    },
    set,
  };
}
