/** In charge of filters on lists of channels. */
import { asDocuments } from "../columns/text-value.ts";

/** A label with one of these JSON texts as its value; null: with any. */
export type LabelFilter = { readonly key: string; readonly values: readonly string[] | null };

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
  return { name: name ?? null, tags: tags.map(readLabel), metadata: metadata.map(readLabel) };
}

/** `key:value`, or `key` alone. Keys hold no colon, values may. */
export function readLabel(text: string): LabelFilter {
  const colon = text.indexOf(":");
  if (colon < 0) return { key: text, values: null };
  return { key: text.slice(0, colon), values: asDocuments(text.slice(colon + 1)) };
}
