/** In charge of the range of a query that leaves a bound of it to the rows. */
import type { StoredChannel } from "../../channels/queries/channel-definition.ts";
import { microsOf, parseInstant } from "../../formats/instant.ts";
import type { RowSelection } from "./row-query.ts";

/** In microseconds since 1970: `from` belongs to it, `to` does not. */
export type TimeRange = { readonly from: bigint; readonly to: bigint };

/** What was asked for, and otherwise what the channel has; null where it has no rows to say so. */
export function rangeOf(channel: StoredChannel, { from, to }: Pick<RowSelection, "from" | "to">): TimeRange | null {
  const low = from ?? (channel.first_time === null ? null : parseInstant(channel.first_time));
  if (to && low) return { from: microsOf(low), to: microsOf(to) };
  const last = channel.last_time === null ? null : parseInstant(channel.last_time);
  return low && last && { from: microsOf(low), to: microsOf(last) + 1n };
}
