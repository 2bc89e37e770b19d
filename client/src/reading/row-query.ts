import type { ChannelDefinition, ColumnName } from "../channel/channel-definition.ts";
import type { RowFilter } from "./row-filter.ts";
import type { SortKey } from "./sort-key.ts";

/**
 * Which rows of a channel to read, in which order, and which of their columns.
 *
 * @example
 * ```ts
 * import { defineChannel, type RowQuery } from "@kronicle/client";
 *
 * const thermometer = defineChannel({ temperature: "float", note: "optional[str]" });
 * const lastHour: RowQuery<typeof thermometer> = {
 *   from: new Date(Date.now() - 3_600_000),
 *   where: { temperature: { min: 30 } },
 *   sort: ["-temperature", "time"],
 * };
 * console.log(lastHour);
 * ```
 */
export type RowQuery<
  Definition extends ChannelDefinition = ChannelDefinition,
  Name extends ColumnName<Definition> = ColumnName<Definition>,
  SkipReceived extends boolean = boolean,
> = {
  /** First time, inclusive: a `Date`, or RFC 3339 text with an offset for microseconds. Default: the first row. */
  readonly from?: Date | string | undefined;
  /** End, exclusive. Default: after the last row. */
  readonly to?: Date | string | undefined;
  /** Conditions on the values; all have to be met. Default: none. */
  readonly where?: RowFilter<Definition> | undefined;
  /** Columns to return; `time` always is. Default: all columns. */
  readonly columns?: readonly Name[] | undefined;
  /** One column, or several; rows without a value come last. Default: `-time`, which is newest first. */
  readonly sort?: SortKey<Definition> | readonly SortKey<Definition>[] | undefined;
  /** Most rows on one page, 1 to 10,000; no limit to the whole selection. Default: 1,000. */
  readonly limit?: number | undefined;
  /** How many rows to skip first; it is slower the greater it is, and does not go with a cursor. Default: 0. */
  readonly offset?: number | undefined;
  /** The `nextCursor` of a page of the same query. Default: the first page. */
  readonly cursor?: string | undefined;
  /** With `false`, each row also says when it was stored, as `received_at`. Default: true. */
  readonly skipReceived?: SkipReceived | undefined;
};
