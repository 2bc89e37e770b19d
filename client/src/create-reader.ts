import type { KronicleOptions } from "./kronicle-options.ts";
import { Analyst } from "./lanes/analyst.ts";
import { Transport } from "./request/transport.ts";

/**
 * Makes a client that only reads: `createKronicle().reader` without what the other lanes weigh, for pages and workers.
 *
 * @throws TypeError as `createKronicle` does.
 *
 * @example
 * ```ts
 * import { createReader, defineChannel } from "@kronicle/client";
 *
 * const thermometer = defineChannel({ temperature: "float" });
 * const reader = createReader({ baseUrl: "http://127.0.0.1:8000", token: "krn_reader_..." });
 * const row = await reader.channel("6e8bc430-9c3a-4f5c-8d2e-2f1c9a7b4d10", thermometer).latest();
 * console.log(row?.time, row?.temperature);
 * ```
 */
export function createReader(options: KronicleOptions): Analyst {
  return new Analyst(new Transport(options));
}
