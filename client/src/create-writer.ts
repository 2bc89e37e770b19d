import type { KronicleOptions } from "./kronicle-options.ts";
import { Writer } from "./lanes/writer.ts";
import { Transport } from "./request/transport.ts";

/**
 * Makes a client that writes, and reads what it writes: `createKronicle().writer` without what the other lanes weigh, for sensors
 * and gateways.
 *
 * @throws TypeError as `createKronicle` does.
 *
 * @example
 * ```ts
 * import { createWriter, defineChannel } from "@kronicle/client";
 *
 * const thermometer = defineChannel({ temperature: "float" });
 * const writer = createWriter({ baseUrl: "http://127.0.0.1:8000", token: "krn_writer_..." });
 * await writer.upsertChannel({ name: "thermo-1", schema: thermometer, rows: [{ temperature: 20.5 }] });
 * ```
 */
export function createWriter(options: KronicleOptions): Writer {
  return new Writer(new Transport(options));
}
