import type { Channel } from "../channel/channel.ts";

/**
 * One page of rows, and the channel they belong to.
 *
 * @example
 * ```ts
 * import { defineChannel, type Row, type RowsPage } from "@kronicle/client";
 *
 * const thermometer = defineChannel({ temperature: "float" });
 * const mean = ({ rows }: RowsPage<Row<typeof thermometer>>) =>
 *   rows.reduce((sum, row) => sum + row.temperature, 0) / rows.length;
 * ```
 */
export type RowsPage<Row> = {
  /** In the order that was asked for. */
  rows: Row[];
  /** Whether there are further rows. */
  hasMore: boolean;
  /** Leads to the next page; null on the last. */
  nextCursor: string | null;
  /** The channel as it is now, without rows. */
  channel: Channel;
};
