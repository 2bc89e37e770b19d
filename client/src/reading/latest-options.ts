import type { ChannelDefinition, ColumnName } from "../channel/channel-definition.ts";
import type { CallOptions } from "../lanes/call-options.ts";
import type { RowFilter } from "./row-filter.ts";

/**
 * Which row of a channel is the latest, and which of its columns to get.
 *
 * @example
 * ```ts
 * import { defineChannel, type LatestOptions } from "@kronicle/client";
 *
 * const thermometer = defineChannel({ temperature: "float" });
 * const atNoon: LatestOptions<typeof thermometer> = { asOf: "2024-03-01T12:00:00Z", where: { temperature: { min: -40 } } };
 * console.log(atNoon);
 * ```
 */
export type LatestOptions<
  Definition extends ChannelDefinition = ChannelDefinition,
  Name extends ColumnName<Definition> = ColumnName<Definition>,
> = CallOptions & {
  /** Columns to return; `time` always is. Default: all columns. */
  readonly columns?: readonly Name[] | undefined;
  /** Conditions on the values; all have to be met. Default: none. */
  readonly where?: RowFilter<Definition> | undefined;
  /** What was the latest at this time, inclusive: a `Date`, or RFC 3339 text with an offset. Default: the latest of all. */
  readonly asOf?: Date | string | undefined;
};

/**
 * The same for the latest value of each column.
 *
 * @example
 * ```ts
 * import { defineChannel, type LatestValuesOptions } from "@kronicle/client";
 *
 * const station = defineChannel({ temperature: "optional[float]", wind: "optional[float]" });
 * const ofToday: LatestValuesOptions<typeof station> = { lookback: "P1D" };
 * console.log(ofToday);
 * ```
 */
export type LatestValuesOptions<
  Definition extends ChannelDefinition = ChannelDefinition,
  Name extends ColumnName<Definition> = ColumnName<Definition>,
> = LatestOptions<Definition, Name> & {
  /** How far to look back from the newest row, as an ISO 8601 duration or as `30s`, `15m`, `1h`, `1d`, `1w`, `1mo`, `1y`. Default: `P7D`. */
  readonly lookback?: string | undefined;
};
