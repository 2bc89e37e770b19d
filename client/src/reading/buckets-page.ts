import type { ChannelDefinition } from "../channel/channel-definition.ts";
import type { TimeOf } from "../channel/row.ts";
import type { DefaultFunctions } from "./aggregate-functions.ts";
import type { Bucket } from "./bucket.ts";

/**
 * The range that was aggregated, and how it is cut.
 *
 * @example
 * ```ts
 * import { type BucketSpan, defineChannel } from "@kronicle/client";
 *
 * const thermometer = defineChannel({ temperature: "float" });
 * const title = ({ name, bucket, tz }: BucketSpan<typeof thermometer>) => `${name}, by ${bucket ?? "nothing"} (${tz})`;
 * ```
 */
export type BucketSpan<Definition extends ChannelDefinition> = {
  /** The id of the channel. */
  channel_id: string;
  /** The name of the channel. */
  name: string | null;
  /** How long a bucket is (ISO 8601); null when one is all of the range. */
  bucket: string | null;
  /** The time zone of buckets of a day and longer. */
  tz: string;
  /** Begin, inclusive: that of the rows where none was asked for; null when there are none. */
  from: TimeOf<Definition> | null;
  /** End, exclusive: just after the last row where none was asked for; null when there are none. */
  to: TimeOf<Definition> | null;
  /** Whether there are further buckets. */
  hasMore: boolean;
  /** Leads to the next page; null on the last. */
  nextCursor: string | null;
};

/**
 * One page of buckets.
 *
 * @example
 * ```ts
 * import { type BucketsPage, defineChannel } from "@kronicle/client";
 *
 * const thermometer = defineChannel({ temperature: "float" });
 * const rows = ({ buckets }: BucketsPage<typeof thermometer>) => buckets.reduce((sum, { count }) => sum + count, 0);
 * ```
 */
export type BucketsPage<
  Definition extends ChannelDefinition,
  Functions = DefaultFunctions<Definition>,
> = BucketSpan<Definition> & {
  /** In order of time. */
  buckets: Bucket<Definition, Functions>[];
};
