import type { components } from "../schema.generated.ts";
import type { ChannelDefinition, ColumnName } from "./channel-definition.ts";
import type { ColumnInfo } from "./column-info.ts";
import type { Tags } from "./tags.ts";

/**
 * A channel to be created.
 *
 * @example
 * ```ts
 * import { defineChannel, type NewChannel } from "@kronicle/client";
 *
 * const thermometer = defineChannel({ temperature: "float", note: "optional[str]" });
 * const channel: NewChannel<typeof thermometer> = {
 *   name: "thermo-1",
 *   schema: thermometer,
 *   columnInfo: { temperature: { unit: "Cel", description: "air, 2 m" } },
 *   metadata: { site: "roof" },
 *   tags: { room: "lab", floor: 3 },
 * };
 * console.log(channel.name);
 * ```
 */
export type NewChannel<Definition extends ChannelDefinition> = {
  /** Its columns. */
  readonly schema: Definition;
  /** UUID. Default: the server makes one. */
  readonly channelId?: string | undefined;
  /** Unique name. Default: none. */
  readonly name?: string | undefined;
  /** For each column that has any, what its values are. Default: nothing. */
  readonly columnInfo?: { readonly [Name in ColumnName<NoInfer<Definition>>]?: ColumnInfo | undefined } | undefined;
  /** Any JSON object; its keys hold no `:`. Default: empty. */
  readonly metadata?: Readonly<Record<string, unknown>> | undefined;
  /** Default: none. */
  readonly tags?: Tags | undefined;
  /** How often rows come: `dense` is many a minute, `sparse` a few a day or rarer. Fixed at creation. Default: `normal`. */
  readonly density?: components["schemas"]["Density"] | undefined;
};
