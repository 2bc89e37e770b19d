import type { LabelFilter } from "./label-filter.ts";

/**
 * Which channels to list. All conditions have to be met.
 *
 * @example
 * ```ts
 * import type { ChannelQuery } from "@kronicle/client";
 *
 * const inTheLab: ChannelQuery = { tags: { room: "lab" }, limit: 50 };
 * console.log(inTheLab);
 * ```
 */
export type ChannelQuery = {
  /** The channel of exactly this name. Default: any. */
  readonly name?: string | undefined;
  /** Tags that the channels have. Default: any. */
  readonly tags?: LabelFilter | undefined;
  /** The same for the top level of their metadata. Default: any. */
  readonly metadata?: LabelFilter | undefined;
  /** Most channels on one page, 1 to 1,000; no limit to the whole list. Default: 1,000. */
  readonly limit?: number | undefined;
  /** The `nextCursor` of a page of the same query. Default: the first page. */
  readonly cursor?: string | undefined;
};
