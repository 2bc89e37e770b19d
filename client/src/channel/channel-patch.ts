import type { ChannelDefinition } from "./channel-definition.ts";
import type { Tags } from "./tags.ts";

/** @inline */
type ColumnInfoPatch = {
  /** UCUM code; null takes it away. */
  readonly unit?: string | null;
  /** For people; null takes it away. */
  readonly description?: string | null;
};

/**
 * What to change in a channel. `columnInfo`, `metadata` and `tags` are merged (RFC 7396): null takes a member away, and one
 * that is absent stays.
 *
 * @example
 * ```ts
 * import { type ChannelPatch, defineChannel } from "@kronicle/client";
 *
 * const patch: ChannelPatch = {
 *   tags: { room: "attic", floor: null },
 *   schema: defineChannel({ humidity: "optional[float]" }),
 * };
 * console.log(patch);
 * ```
 */
export type ChannelPatch = {
  /** The new name; null takes it away. */
  readonly name?: string | null | undefined;
  /**
   * While the channel has no rows, its new columns. After that all of its columns or only those that change: new optional ones,
   * and required ones made optional.
   */
  readonly schema?: ChannelDefinition | undefined;
  /** For each column that is named, what to change. */
  readonly columnInfo?: Readonly<Record<string, ColumnInfoPatch | null>> | undefined;
  /** Any JSON object; its keys hold no `:`. */
  readonly metadata?: Readonly<Record<string, unknown>> | undefined;
  /** For each tag that is named, its new value. */
  readonly tags?: Readonly<Record<string, Tags[string] | null>> | undefined;
};
