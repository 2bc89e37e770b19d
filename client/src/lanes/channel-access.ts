import type { ChannelDefinition } from "../channel/channel-definition.ts";
import type { Transport } from "../request/transport.ts";
import type { FirstUse } from "../writing/first-use.ts";

/** Where the paths of a lane begin. */
export type Lane = "/api/v1" | "/data/v1" | "/setup/v1";

/** The lanes that rows can be written on. */
type WritingLane = Exclude<Lane, "/api/v1">;

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
