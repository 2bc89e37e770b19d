import type { ChannelDefinition } from "../channel/channel-definition.ts";
import type { components } from "../schema.generated.ts";
import type { Channel } from "../channel/channel.ts";
import type { RowFilter } from "../reading/row-filter.ts";

type Bounds<Definition extends ChannelDefinition> = {
  /** First time, inclusive. */
  readonly from: Date | string;
  /** End, exclusive. */
  readonly to: Date | string;
  /** Conditions on the values; all have to be met. */
  readonly where: RowFilter<Definition>;
};

type NoBounds = { readonly [Name in keyof Bounds<ChannelDefinition>]?: never };

/** @inline */
type Everything = {
  /** Every row. It goes with no bound. */
  readonly all: true;
};

type Some<Fields> = { [Name in keyof Fields]: Pick<Fields, Name> & Partial<Omit<Fields, Name>> }[keyof Fields];

/**
 * Which rows to delete: those that all bounds name, or every one, which has to be said by `all: true`.
 *
 * A bound that is undefined or empty is a TypeError: leaving it out would delete more rows than were meant.
 *
 * @example
 * ```ts
 * import { defineChannel, type RowDeletion } from "@kronicle/client";
 *
 * const thermometer = defineChannel({ temperature: "float" });
 * const spikes: RowDeletion<typeof thermometer> = { from: "2024-03-01T00:00:00Z", where: { temperature: { min: 900 } } };
 * const everything: RowDeletion<typeof thermometer> = { all: true, dryRun: true };
 * console.log(spikes, everything);
 * ```
 */
export type RowDeletion<Definition extends ChannelDefinition> = (
  (Some<Bounds<Definition>> & { readonly [Name in keyof Everything]?: never }) | (Everything & NoBounds)
) & {
  /** With `true`, nothing is deleted, and the answer says what would be. Default: false. */
  readonly dryRun?: boolean;
};

/**
 * How many rows were deleted (`op_details.deleted_rows`), or would be, with the channel as it is now.
 *
 * @see `RowsDeletion` in the contract.
 *
 * @example
 * ```ts
 * import type { RowsDeletion } from "@kronicle/client";
 *
 * const summary = ({ op_details }: RowsDeletion) => `${op_details.deleted_rows} deleted, ${op_details.available_rows} left`;
 * ```
 */
export type RowsDeletion = Channel & Pick<components["schemas"]["RowsDeletion"], "op_details">;
