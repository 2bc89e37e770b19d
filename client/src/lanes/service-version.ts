import type { components } from "../schema.generated.ts";

/**
 * The version of the server and of the contract that it enforces (semantic versioning).
 *
 * @see `Version` in the contract.
 *
 * @example
 * ```ts
 * import type { ServiceVersion } from "@kronicle/client";
 *
 * const major = ({ contract }: ServiceVersion) => Number(contract.split(".")[0]);
 * ```
 */
export type ServiceVersion = components["schemas"]["Version"];
