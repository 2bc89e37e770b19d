import type { components } from "../schema.generated.ts";

/**
 * A key just made. `key` is the token itself, which is shown this once.
 *
 * @see `CreatedKey` in the contract.
 *
 * @example
 * ```ts
 * import { type CreatedKey, createKronicle } from "@kronicle/client";
 *
 * const clientFor = ({ key }: CreatedKey) => createKronicle({ baseUrl: "http://127.0.0.1:8000", token: key });
 * ```
 */
export type CreatedKey = components["schemas"]["CreatedKey"];
