import type { ChannelDefinition } from "./channel-definition.ts";
import type { NewChannel } from "./new-channel.ts";

/**
 * In what a copy of a channel differs from it; what is absent is copied.
 *
 * @example
 * ```ts
 * import type { ChannelClone } from "@kronicle/client";
 *
 * const inTheCellar: ChannelClone = { name: "thermo-9", tags: { room: "cellar" } };
 * console.log(inTheCellar);
 * ```
 */
export type ChannelClone<Definition extends ChannelDefinition = ChannelDefinition> = Partial<NewChannel<Definition>> & {
  /** With `false`, metadata and tags are not copied. Default: true. */
  readonly copyMetadata?: boolean | undefined;
};
