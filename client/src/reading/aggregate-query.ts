import type { ChannelDefinition } from "../channel/channel-definition.ts";
import type { AggregateFunctions } from "./aggregate-functions.ts";
import type { RowQuery } from "./row-query.ts";

/**
 * Which rows of a channel to aggregate, by which stretches of time (buckets), and by which functions.
 *
 * Durations are ISO 8601 (`PT15M`, `P1D`) or a number and its unit: `500ms`, `30s`, `15m`, `1h`, `1d`, `1w`, `1mo`, `1y`.
 *
 * @example
 * ```ts
 * import { type AggregateQuery, defineChannel } from "@kronicle/client";
 *
 * const thermometer = defineChannel({ temperature: "float" });
 * const daysOfMarch: AggregateQuery<typeof thermometer> = {
 *   bucket: "1d",
 *   tz: "Europe/Berlin",
 *   from: "2024-03-01T00:00:00+01:00",
 *   to: "2024-04-01T00:00:00+02:00",
 *   where: { temperature: { min: -40 } },
 *   fill: "null",
 * };
 * console.log(daysOfMarch);
 * ```
 */
export type AggregateQuery<
  Definition extends ChannelDefinition = ChannelDefinition,
  Functions extends AggregateFunctions<Definition> = AggregateFunctions<Definition>,
> = Pick<RowQuery<Definition>, "from" | "to" | "where" | "cursor"> & {
  /** How long a bucket is: a duration of one kind, of at least 1 ms. Default: one bucket is all of the range. */
  readonly bucket?: string | undefined;
  /** In place of `bucket`: the shortest round one that gives at most so many buckets, 1 to 10,000. The answer says which. */
  readonly maxPoints?: number | undefined;
  /** Where buckets of a day and longer begin at midnight: a name of the IANA time zone database. Default: `UTC`. */
  readonly tz?: string | undefined;
  /** A time at which a bucket begins. Default: midnight of a Monday, and of January 1st for months and years, in `tz`. */
  readonly origin?: Date | string | undefined;
  /** What to answer of which column. Default: `avg`, `min` and `max` of every number. */
  readonly fn?: (Functions & Readonly<Record<Exclude<keyof Functions, keyof AggregateFunctions<Definition>>, never>>) | undefined;
  /**
   * What buckets without rows hold, for which `from` and `to` are needed: they are left out (`none`), there and `null`, hold the values of the
   * bucket before (`previous`), what lies on the line to the next one (`linear`), or a number. Default: `none`.
   */
  readonly fill?: "none" | "null" | "previous" | "linear" | number | undefined;
  /** The longest gap to fill, as a duration without months; buckets of longer ones are null. Default: any. */
  readonly fillLimit?: string | undefined;
  /** Whether buckets that are no whole ones are marked (`mark`), or left out (`drop`). Default: `mark`. */
  readonly partial?: "mark" | "drop" | undefined;
  /** Most buckets on one page, 1 to 10,000; a range has at most 10,000. Default: 1,000. */
  readonly limit?: number | undefined;
};
