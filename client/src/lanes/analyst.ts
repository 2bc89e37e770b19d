import type { ChannelDefinition } from "../channel/channel-definition.ts";
import { checkChannelId } from "../request/check-arguments.ts";
import type { Transport } from "../request/transport.ts";
import type { CallOptions } from "./call-options.ts";
import { ChannelAnalyst } from "./channel-analyst.ts";
import { Reader } from "./reader.ts";

/**
 * The reader's lane with all that it answers: what every lane reads, and aggregates. Needs a token of the role `reader` or higher.
 *
 * @example
 * ```ts
 * import { type Analyst, createReader, defineChannel } from "@kronicle/client";
 *
 * const thermometer = defineChannel({ temperature: "float" });
 * const reader: Analyst = createReader({ baseUrl: "http://127.0.0.1:8000", token: "krn_reader_..." });
 * const channel = reader.channel("6e8bc430-9c3a-4f5c-8d2e-2f1c9a7b4d10", thermometer);
 * for await (const { time, values } of channel.aggregate({ bucket: "1h" })) console.log(time, values.temperature.avg);
 * ```
 */
export class Analyst extends Reader {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    super(transport);
    this.#transport = transport;
  }

  /**
   * Gives typed access to one channel. Sends nothing.
   *
   * @throws TypeError when the id is not a UUID.
   */
  override channel<Definition extends ChannelDefinition>(channelId: string, definition: Definition): ChannelAnalyst<Definition> {
    const path = { channel_id: checkChannelId(channelId) };
    return new ChannelAnalyst({ transport: this.#transport, lane: "/api/v1", path, definition });
  }

  /**
   * Gives typed access to the channel that has this name now. The name is asked for once.
   *
   * @throws ApiError `channel_not_found` when no channel that the token may see has the name, and others.
   * @throws NetworkError
   * @see operation `listChannels` of the contract.
   */
  override async channelByName<Definition extends ChannelDefinition>(
    name: string,
    definition: Definition,
    options: CallOptions = {},
  ): Promise<ChannelAnalyst<Definition>> {
    return this.channel(await this.idOf(name, options), definition);
  }
}
