import type { ChannelDefinition } from "../channel/channel-definition.ts";
import type { TimeOf } from "../channel/row.ts";
import type { BucketColumns, DefaultFunctions } from "./aggregate-functions.ts";
import type { Bucket } from "./bucket.ts";
import type { BucketSpan } from "./buckets-page.ts";

/**
 * One page of buckets, turned round: arrays of the same length, as charts take them.
 *
 * @example
 * ```ts
 * import { type BucketColumnsPage, defineChannel } from "@kronicle/client";
 *
 * const thermometer = defineChannel({ temperature: "float" });
 * const highest = ({ values }: BucketColumnsPage<typeof thermometer>) =>
 *   Math.max(...values.temperature.max.filter((value) => value !== null));
 * ```
 */
export type BucketColumnsPage<
  Definition extends ChannelDefinition,
  Functions = DefaultFunctions<Definition>,
> = BucketSpan<Definition> & {
  /** Begin of each bucket, inclusive. */
  time: TimeOf<Definition>[];
  /** End of each bucket, exclusive. */
  end: TimeOf<Definition>[];
  /** How many rows each has. */
  count: number[];
  /** By column, and by function, one value for each bucket. */
  values: BucketColumns<Definition, Functions>;
  /** Why a bucket is no whole one, by its place in the arrays. */
  partial: Readonly<Record<number, Bucket<Definition>["partial"]>>;
  /** Which share of these lies in the range and before now, 0 to 1. */
  coverage: Readonly<Record<number, number | undefined>>;
  /** What the values of buckets without rows are made by. */
  filled: Readonly<Record<number, string | undefined>>;
};
