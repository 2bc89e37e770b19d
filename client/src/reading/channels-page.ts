import type { Channel } from "../channel/channel.ts";

/**
 * One page of channels.
 *
 * @example
 * ```ts
 * import type { ChannelsPage } from "@kronicle/client";
 *
 * const names = ({ channels }: ChannelsPage) => channels.map((channel) => channel.name);
 * ```
 */
export type ChannelsPage = {
  /** In order of creation. */
  channels: Channel[];
  /** Whether there are further channels. */
  hasMore: boolean;
  /** Leads to the next page; null on the last. */
  nextCursor: string | null;
};
