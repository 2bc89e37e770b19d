import type { ChannelDefinition } from "./channel-definition.ts";
import type { NewChannel } from "./new-channel.ts";

/**
 * What to replace in a channel; what is absent is left as it is. With a `schema` the channel is created if it is missing; one
 * that exists has to have the same.
 *
 * @example
 * ```ts
 * import type { ChannelReplacement } from "@kronicle/client";
 *
 * const moved: ChannelReplacement = { tags: { room: "attic", floor: 4 } };
 * console.log(moved);
 * ```
 */
export type ChannelReplacement<Definition extends ChannelDefinition = ChannelDefinition> = Partial<
  Omit<NewChannel<Definition>, "channelId">
>;
