import type { Channel } from "../channel/channel.ts";

/**
 * Rows that draw the same picture as all of them, and the channel they belong to.
 *
 * @example
 * ```ts
 * import { createReader, defineChannel, type Row, type RowsSample } from "@kronicle/client";
 *
 * const thermometer = defineChannel({ temperature: "float" });
 * const channel = createReader({ baseUrl: "http://127.0.0.1:8000", token: "krn_reader_..." }).channel(
 *   "6e8bc430-9c3a-4f5c-8d2e-2f1c9a7b4d10",
 *   thermometer,
 * );
 * const { rows, sampledFrom }: RowsSample<Row<typeof thermometer>> = await channel.sample("temperature", { maxPoints: 800 });
 * console.log(`${rows.length} of ${sampledFrom} rows`);
 * ```
 */
export type RowsSample<Row> = {
  /** In order of time. */
  rows: Row[];
  /** How many rows of the selection have a value in the column. */
  sampledFrom: number;
  /** The channel as it is now, without rows. */
  channel: Channel;
};
