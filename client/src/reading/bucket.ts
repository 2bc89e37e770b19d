import type { ChannelDefinition } from "../channel/channel-definition.ts";
import type { TimeOf } from "../channel/row.ts";
import type { BucketValues, DefaultFunctions } from "./aggregate-functions.ts";

/**
 * What the rows of a stretch of time have in common. `partial` and `coverage` are there where it is no whole one, `filled` where it has no rows.
 *
 * `values` has a member for each column, and in it one for each function: `bucket.values.temperature.avg`. It is null where no row has a
 * value; `count` and `distinct` are 0 then. What an `int64` gives is a `bigint`, but for means and percentiles, which are numbers.
 *
 * @example
 * ```ts
 * import { type Bucket, defineChannel } from "@kronicle/client";
 *
 * const thermometer = defineChannel({ temperature: "float" });
 * const describe = ({ time, values, partial }: Bucket<typeof thermometer>) =>
 *   `${time}: ${values.temperature.avg ?? "nothing"}${partial === "open" ? " so far" : ""}`;
 * ```
 */
export type Bucket<Definition extends ChannelDefinition, Functions = DefaultFunctions<Definition>> = {
  /** Begin, inclusive. */
  time: TimeOf<Definition>;
  /** End, exclusive. */
  end: TimeOf<Definition>;
  /** How many rows it has. */
  count: number;
  /** By column, and by function. */
  values: BucketValues<Definition, Functions>;
  /** Why it is no whole one: not over yet (`open`), or cut off by `from` (`start`) or `to` (`end`). */
  partial?: "open" | "start" | "end";
  /** Which share of it lies in the range and before now, 0 to 1. */
  coverage?: number;
  /** What its values are made by, as `fill` has it. */
  filled?: string;
};
