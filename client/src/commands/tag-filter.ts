/** In charge of tags as a command takes them. */
import type { LabelFilter } from "../reading/label-filter.ts";

/** `room:lab` is the tag with this value, and `room` alone the tag with any. */
export function toTagFilter(tags: readonly string[]): LabelFilter {
  const values = new Map<string, string[]>();
  const present = new Set<string>();
  for (const tag of tags) {
    const [, key = "", value] = /^([^:]*)(?::(.*))?$/s.exec(tag) ?? [];
    if (value === undefined) present.add(key);
    else values.set(key, [...(values.get(key) ?? []), value]);
  }
  const wanted = [...present].filter((key) => !values.has(key)).map((key) => [key, { exists: true }] as const);
  return Object.fromEntries([...wanted, ...values]);
}
