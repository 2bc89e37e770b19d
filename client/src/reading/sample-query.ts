import type { ChannelDefinition, ColumnName } from "../channel/channel-definition.ts";
import type { KindOf } from "../channel/column-type.ts";
import type { RowQuery } from "./row-query.ts";

/** The columns that can be drawn: those of numbers. */
export type NumberColumn<Definition extends ChannelDefinition> = {
  [Name in Exclude<keyof Definition["columns"], "time"> & string]: KindOf<Definition["columns"][Name]> extends
    "int" | "int64" | "float"
    ? Name
    : never;
}[Exclude<keyof Definition["columns"], "time"> & string];

/**
 * Which rows to sample, and how.
 *
 * @example
 * ```ts
 * import { defineChannel, type SampleQuery } from "@kronicle/client";
 *
 * const thermometer = defineChannel({ temperature: "float" });
 * const lastDay: SampleQuery<typeof thermometer> = { from: "now-1d", maxPoints: 800, method: "m4" };
 * console.log(lastDay);
 * ```
 */
export type SampleQuery<
  Definition extends ChannelDefinition = ChannelDefinition,
  Name extends ColumnName<Definition> = ColumnName<Definition>,
> = Pick<RowQuery<Definition, Name>, "from" | "to" | "where" | "columns"> & {
  /** The most rows, 4 to 10,000. Default: 2,000. */
  readonly maxPoints?: number | undefined;
  /**
   * `minmax`: the lowest and the highest of each stretch of time; `m4`: the first and the last as well; `lttb`: those of the largest triangles.
   * Default: `minmax`.
   */
  readonly method?: "minmax" | "m4" | "lttb" | undefined;
};
