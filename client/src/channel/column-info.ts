import type { components } from "../schema.generated.ts";

/**
 * What the values of a column are: `unit` as a UCUM code, and a `description` for people.
 *
 * @see `ColumnInfo` in the contract.
 *
 * @example
 * ```ts
 * import type { ColumnInfo } from "@kronicle/client";
 *
 * const temperature: ColumnInfo = { unit: "Cel", description: "air, 2 m" };
 * ```
 */
export type ColumnInfo = Readonly<components["schemas"]["ColumnInfo"][string]>;
