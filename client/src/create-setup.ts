import type { KronicleOptions } from "./kronicle-options.ts";
import { Setup } from "./lanes/setup.ts";
import { Transport } from "./request/transport.ts";

/**
 * Makes a client that defines and deletes channels: `createKronicle().setup` without what the other lanes weigh.
 *
 * @throws TypeError as `createKronicle` does.
 *
 * @example
 * ```ts
 * import { createSetup, defineChannel } from "@kronicle/client";
 *
 * const setup = createSetup({ baseUrl: "http://127.0.0.1:8000", token: "krn_admin_..." });
 * const { channel_id } = await setup.createChannel({ schema: defineChannel({ temperature: "float" }) });
 * console.log(channel_id);
 * ```
 */
export function createSetup(options: KronicleOptions): Setup {
  return new Setup(new Transport(options));
}
