/** In charge of what a limited credential may see: some channels, or those with some tags. Everything else does not exist for it. */
import { type LabelFilter, readLabelFilter } from "../formats/label-filter.ts";

/** Null: no limit. */
export type ChannelScope = {
  readonly channels: readonly string[] | null;
  readonly tags: readonly LabelFilter[];
} | null;

/** Of the setup lane: no credential for it is ever limited. */
export const NO_LIMIT: ChannelScope = null;

export function readScope(channels: readonly string[] | null, tags: readonly string[] | null): ChannelScope {
  return channels === null && tags === null ? null : { channels, tags: tags?.map(readLabelFilter) ?? [] };
}

/** Whether a channel belongs to a scope, as far as its id tells: tags limit no credential that writes. */
export function isWithin(scope: ChannelScope, channelId: string): boolean {
  return scope === null || (scope.tags.length === 0 && (scope.channels?.includes(channelId.toLowerCase()) ?? true));
}
