import type { ChannelDefinition } from "../channel/channel-definition.ts";
import type { FirstUse } from "../response/first-use.ts";
import type { Lane, WritingLane } from "../request/lane.ts";
import type { Transport } from "../request/transport.ts";

/** What it takes to talk about one channel. */
export type ChannelAccess<Definition extends ChannelDefinition, On extends Lane = Lane> = {
  readonly transport: Transport;
  readonly lane: On;
  readonly path: { readonly channel_id: string };
  readonly definition: Definition;
};

/** What it takes to write to it. */
export type WritingAccess<Definition extends ChannelDefinition, On extends WritingLane = WritingLane> = ChannelAccess<
  Definition,
  On
> & { readonly firstUse: FirstUse };
