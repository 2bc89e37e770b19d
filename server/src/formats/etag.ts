/** In charge of entity tags (RFC 9110): the version of a definition. */
export function etagOf({ version }: { readonly version: number }): string {
  return `"${version}"`;
}

/** Whether an If-Match header allows to go on. `current` is null when there is nothing yet, which only an absent header allows. */
export function isMatch(header: string | undefined, current: { readonly version: number } | null): boolean {
  if (header === undefined) return true;
  if (current === null) return false;
  const tags = new Set(header.split(",").map((tag) => tag.trim()));
  return tags.has("*") || tags.has(etagOf(current));
}
