import type { components } from "../schema.generated.ts";

/**
 * A channel as the service describes it, in the words of the contract: definition, labels, row count and times, without rows.
 *
 * @see `Channel` in the contract.
 *
 * @example
 * ```ts
 * import { type Channel, createKronicle } from "@kronicle/client";
 *
 * const kronicle = createKronicle({ baseUrl: "http://127.0.0.1:8000", token: "krn_reader_..." });
 * const describe = (channel: Channel) => `${channel.name ?? channel.channel_id}: ${channel.available_rows} rows`;
 * for await (const channel of kronicle.reader.listChannels()) console.log(describe(channel));
 * ```
 */
export type Channel = components["schemas"]["Channel"];
