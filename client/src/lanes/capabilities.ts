import type { components } from "../schema.generated.ts";

/**
 * What a deployment can do: its database, what the edition of TimescaleDB allows, and which walls between the lanes stand.
 *
 * @see `Capabilities` in the contract.
 *
 * @example
 * ```ts
 * import type { Capabilities } from "@kronicle/client";
 *
 * const isWalledOff = ({ walls }: Capabilities) => walls.database_roles && walls.separate_logins;
 * ```
 */
export type Capabilities = components["schemas"]["Capabilities"];
