import type { Channel } from "../channel/channel.ts";

/**
 * One page of rows, turned round: one array per column, all of the same length. A `float` column is a `Float64Array`, which holds
 * its values exactly; an optional one is a plain array, since it may hold null.
 *
 * @example
 * ```ts
 * import { createKronicle, defineChannel } from "@kronicle/client";
 *
 * const thermometer = defineChannel({ temperature: "float", humidity: "optional[float]" });
 * const { reader } = createKronicle({ baseUrl: "http://127.0.0.1:8000", token: "krn_reader_..." });
 * const { columns } = await reader.channel("6e8bc430-9c3a-4f5c-8d2e-2f1c9a7b4d10", thermometer).columns({ limit: 10_000 });
 * console.log(Math.max(...columns.temperature), columns.humidity.filter((value) => value !== null).length);
 * ```
 */
export type ColumnsPage<Columns> = {
  /** The values of each column, in the order of the rows. */
  columns: Columns;
  /** Whether there are further rows. */
  hasMore: boolean;
  /** Leads to the next page; null on the last. */
  nextCursor: string | null;
  /** The channel as it is now, without rows. */
  channel: Channel;
};
