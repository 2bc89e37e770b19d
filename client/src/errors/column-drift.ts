/**
 * A column in which a channel and its definition differ.
 *
 * @example
 * ```ts
 * import type { ColumnDrift } from "@kronicle/client";
 *
 * const describe = ({ name, defined, stored }: ColumnDrift) => `${name}: ${defined ?? "nothing"} here, ${stored ?? "nothing"} there`;
 * console.log(describe({ name: "temperature", defined: "float", stored: "optional[float]" }));
 * ```
 */
export type ColumnDrift = {
  /** The name of the column. */
  readonly name: string;
  /** Its type in the definition; null when it has no such column. */
  readonly defined: string | null;
  /** Its type in the channel; null when it has no such column. */
  readonly stored: string | null;
};
