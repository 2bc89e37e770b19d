/** In charge of filters on labels, as query strings and keys have them: `key:value`, or `key` alone. */
import { asDocuments } from "./query-text.ts";

/** A label with one of these JSON texts as its value; null: with any. */
export type LabelFilter = { readonly key: string; readonly values: readonly string[] | null };

/** Keys hold no colon, values may. */
export function readLabelFilter(text: string): LabelFilter {
  const colon = text.indexOf(":");
  if (colon < 0) return { key: text, values: null };
  return { key: text.slice(0, colon), values: asDocuments(text.slice(colon + 1)) };
}
