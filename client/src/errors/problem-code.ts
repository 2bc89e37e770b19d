import type { components } from "../schema.generated.ts";

/**
 * What went wrong, for machines: a code of the contract. A service that is newer than this SDK may send others.
 *
 * @example
 * ```ts
 * import type { ProblemCode } from "@kronicle/client";
 *
 * const passing = new Set<ProblemCode>(["not_ready", "database_unavailable"]);
 * console.log(passing.has("not_ready"));
 * ```
 */
export type ProblemCode = components["schemas"]["ProblemCode"] | (string & {});
