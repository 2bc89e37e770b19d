/** In charge of the types of what is asked of many channels at once. */
import type { components } from "../schema.generated.ts";
import type { ChannelQuery } from "./channel-query.ts";

/**
 * Whose latest rows to list. All conditions have to be met.
 *
 * @example
 * ```ts
 * import type { LatestQuery } from "@kronicle/client";
 *
 * const inTheLab: LatestQuery = { tags: { room: "lab" }, columns: ["temperature"], maxAge: "PT10M" };
 * console.log(inTheLab);
 * ```
 */
export type LatestQuery = Omit<ChannelQuery, "metadata"> & {
  /** Columns to return, as far as a channel has them; `time` always is. Default: all that it has. */
  readonly columns?: readonly string[] | undefined;
  /** A row that is older is stale. An ISO 8601 duration, or as `30s`, `15m`, `1h`, `1d`, `1w`, `1mo`, `1y`. Default: `PT5M`. */
  readonly maxAge?: string | undefined;
};

/**
 * A channel with its newest row, as it is on the wire: what its columns are is not known here.
 *
 * @see `ChannelLatest` in the contract.
 *
 * @example
 * ```ts
 * import type { ChannelLatest } from "@kronicle/client";
 *
 * const describe = ({ name, row, stale }: ChannelLatest) => `${name}: ${stale ? "silent" : row?.["temperature"]}`;
 * ```
 */
export type ChannelLatest = components["schemas"]["ChannelLatest"];

/**
 * Which channels' tags to list.
 *
 * @example
 * ```ts
 * import type { TagQuery } from "@kronicle/client";
 *
 * const onTheRoof: TagQuery = { tags: { site: "roof" }, limit: 1_000 };
 * console.log(onTheRoof);
 * ```
 */
export type TagQuery = Pick<ChannelQuery, "tags" | "cursor"> & {
  /** Most entries on one page, 1 to 1,000; no limit to the whole list. Default: 100. */
  readonly limit?: number | undefined;
};

/**
 * The key of a tag, with how many channels have it.
 *
 * @see `TagCount` in the contract.
 *
 * @example
 * ```ts
 * import type { TagCount } from "@kronicle/client";
 *
 * const describe = ({ key, channels }: TagCount) => `${key} (${channels})`;
 * ```
 */
export type TagCount = components["schemas"]["TagCount"];

/**
 * The value of a tag, with how many channels have it.
 *
 * @see `TagValueCount` in the contract.
 *
 * @example
 * ```ts
 * import type { TagValueCount } from "@kronicle/client";
 *
 * const describe = ({ value, channels }: TagValueCount) => `${value} (${channels})`;
 * ```
 */
export type TagValueCount = components["schemas"]["TagValueCount"];

/**
 * One page of a list.
 *
 * @example
 * ```ts
 * import type { ListPage, TagCount } from "@kronicle/client";
 *
 * const keys = ({ items }: ListPage<TagCount>) => items.map(({ key }) => key);
 * ```
 */
export type ListPage<Item> = {
  /** The entries of the page. */
  items: Item[];
  /** Whether there are further entries. */
  hasMore: boolean;
  /** Leads to the next page; null on the last. */
  nextCursor: string | null;
};
