import type { components } from "../schema.generated.ts";

/**
 * What became of one channel of several that were to be deleted; `code` says why it was not.
 *
 * @see `ChannelDeletion` in the contract.
 *
 * @example
 * ```ts
 * import type { ChannelDeletion } from "@kronicle/client";
 *
 * const leftOver = (results: ChannelDeletion[]) => results.filter(({ deleted }) => !deleted).map(({ channel_id }) => channel_id);
 * ```
 */
export type ChannelDeletion = components["schemas"]["ChannelDeletion"];
