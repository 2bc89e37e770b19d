/** In charge of filters on lists of channels. */
import { type LabelFilter, readLabelFilter } from "../formats/label-filter.ts";

export type ChannelFilter = {
  readonly name: string | null;
  readonly tags: readonly LabelFilter[];
  readonly metadata: readonly LabelFilter[];
};

type Parameters = {
  readonly name?: string | undefined;
  readonly tags?: readonly string[] | undefined;
  readonly metadata?: readonly string[] | undefined;
};

export function planChannelFilter({ name, tags = [], metadata = [] }: Parameters): ChannelFilter {
  return { name: name ?? null, tags: tags.map(readLabelFilter), metadata: metadata.map(readLabelFilter) };
}
