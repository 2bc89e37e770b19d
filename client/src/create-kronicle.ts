import type { Kronicle } from "./kronicle.ts";
import type { KronicleOptions } from "./kronicle-options.ts";
import { Analyst } from "./lanes/analyst.ts";
import { Service } from "./lanes/service.ts";
import { Setup } from "./lanes/setup.ts";
import { Writer } from "./lanes/writer.ts";
import { Transport } from "./request/transport.ts";

/**
 * Makes a client of a Kronicle service. It sends nothing by itself.
 *
 * A program that only reads, or only writes, is smaller with `createReader` or `createWriter`.
 *
 * @throws TypeError when the address is not an http(s) URL, the token cannot be sent in a header, or a number makes no sense.
 *
 * @example
 * ```ts
 * import { createKronicle, defineChannel } from "@kronicle/client";
 *
 * const thermometer = defineChannel({ temperature: "float", note: "optional[str]" });
 * const kronicle = createKronicle({ baseUrl: "http://127.0.0.1:8000", token: "krn_writer_..." });
 *
 * const { channel_id } = await kronicle.writer.upsertChannel({
 *   name: "thermo-1",
 *   schema: thermometer,
 *   rows: [{ time: new Date(), temperature: 20.5 }],
 * });
 * for await (const row of kronicle.reader.channel(channel_id, thermometer).rows()) console.log(row.time, row.temperature);
 * ```
 */
export function createKronicle(options: KronicleOptions): Kronicle {
  const transport = new Transport(options);
  return {
    reader: new Analyst(transport),
    writer: new Writer(transport),
    setup: new Setup(transport),
    service: new Service(transport),
  };
}
