import type { Key } from "./key.ts";

/**
 * One page of keys.
 *
 * @example
 * ```ts
 * import type { KeysPage } from "@kronicle/client";
 *
 * const labels = ({ keys }: KeysPage) => keys.map((key) => key.label);
 * ```
 */
export type KeysPage = {
  /** In order of creation. */
  keys: Key[];
  /** Whether there are further keys. */
  hasMore: boolean;
  /** Leads to the next page; null on the last. */
  nextCursor: string | null;
};
