import type { ColumnType } from "./column-type.ts";

/** Column names with their types. */
export type ColumnTypes = Readonly<Record<string, ColumnType>>;

/** How times are read: as the `exact` RFC 3339 text in UTC, or as a `date`, which has milliseconds only. */
export type TimeForm = "exact" | "date";

/**
 * What the rows of a channel look like. `defineChannel` makes it.
 *
 * @example
 * ```ts
 * import { type ChannelDefinition, defineChannel } from "@kronicle/client";
 *
 * const columnNames = (definition: ChannelDefinition) => Object.keys(definition.columns);
 * console.log(columnNames(defineChannel({ temperature: "float" })));
 * ```
 */
export type ChannelDefinition<Columns extends ColumnTypes = ColumnTypes, Times extends TimeForm = TimeForm> = {
  /** The columns as they were declared. */
  readonly columns: Columns;
  /** How times are read. */
  readonly times: Times;
};

/** Names that a query may pick: those of the definition, and `time`. */
export type ColumnName<Definition extends ChannelDefinition> = (keyof Definition["columns"] & string) | "time";
