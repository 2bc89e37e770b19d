import type { components } from "../schema.generated.ts";

/**
 * An API key without its secret.
 *
 * @see `Key` in the contract.
 *
 * @example
 * ```ts
 * import type { Key } from "@kronicle/client";
 *
 * const isForgotten = (key: Key) => key.revoked_at === null && key.last_used_at === null;
 * ```
 */
export type Key = components["schemas"]["Key"];
