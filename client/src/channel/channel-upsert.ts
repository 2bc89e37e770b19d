import type { ChannelDefinition } from "./channel-definition.ts";
import type { NewChannel } from "./new-channel.ts";
import type { NewRow } from "./new-row.ts";

/** @inline */
type Named =
  | {
      /** Unique name. */
      readonly name: string;
    }
  | {
      /** UUID of the channel. */
      readonly channelId: string;
    };

/**
 * A channel to be created or relabelled, and rows to append to it. It is named by `name`, by `channelId`, or by both.
 *
 * @example
 * ```ts
 * import { type ChannelUpsert, defineChannel } from "@kronicle/client";
 *
 * const thermometer = defineChannel({ temperature: "float" });
 * const upsert: ChannelUpsert<typeof thermometer> = { name: "thermo-2", schema: thermometer, rows: [{ temperature: 20.5 }] };
 * console.log(upsert.rows);
 * ```
 */
export type ChannelUpsert<Definition extends ChannelDefinition> = NewChannel<Definition> &
  Named & {
    /** Default: none. */
    readonly rows?: readonly NewRow<NoInfer<Definition>>[] | undefined;
  };
