import type { Channel } from "../channel/channel.ts";
import type { ChannelDefinition } from "../channel/channel-definition.ts";
import type { VersionedChannel } from "../channel/versioned-channel.ts";
import { checkChannelId } from "../request/check-arguments.ts";
import { encodeChannelQuery } from "../request/encode-channel-query.ts";
import type { Transport } from "../request/transport.ts";
import { nextPage } from "../response/headers.ts";
import type { ChannelQuery } from "../reading/channel-query.ts";
import type { ChannelsPage } from "../reading/channels-page.ts";
import { Selection } from "../reading/selection.ts";
import type { CallOptions } from "./call-options.ts";
import type { Lane } from "./channel-access.ts";
import { ChannelReader } from "./channel-reader.ts";

/** The definition of a channel whose rows are not looked at. */
const ANY_COLUMNS = { columns: {}, times: "exact" } as const;

/**
 * Reads channels and their rows, as every lane does; the reader's own is an `Analyst`. Needs a token of the role `reader` or higher.
 *
 * @example
 * ```ts
 * import { createKronicle, type Reader } from "@kronicle/client";
 *
 * const { reader }: { reader: Reader } = createKronicle({ baseUrl: "http://127.0.0.1:8000", token: "krn_reader_..." });
 * for await (const channel of reader.listChannels()) console.log(channel.name, channel.available_rows);
 * ```
 */
export class Reader {
  readonly #transport: Transport;
  readonly #lane: Lane;

  /** The other lanes have the same reads. */
  constructor(transport: Transport, lane: Lane = "/api/v1") {
    this.#transport = transport;
    this.#lane = lane;
  }

  /**
   * Lists channels in order of creation, all or those that the query names.
   *
   * @throws TypeError when the query is used and holds a value of a wrong type.
   * @see operation `listChannels` of the contract.
   */
  listChannels(query: ChannelQuery = {}, options: CallOptions = {}): Selection<Channel, ChannelsPage> {
    return new Selection(
      (cursor = query.cursor) => this.#readPage({ ...query, cursor }, options),
      ({ channels }) => channels,
    );
  }

  /**
   * Gets one channel, without rows.
   *
   * @throws TypeError when the id is not a UUID.
   * @throws ApiError `channel_not_found` and others.
   * @throws NetworkError
   * @see operation `getChannel` of the contract.
   */
  async getChannel(channelId: string, { signal }: CallOptions = {}): Promise<VersionedChannel> {
    return this.channel(channelId, ANY_COLUMNS).get({ signal });
  }

  /**
   * Gives typed access to one channel. Sends nothing.
   *
   * @throws TypeError when the id is not a UUID.
   */
  channel<Definition extends ChannelDefinition>(channelId: string, definition: Definition): ChannelReader<Definition> {
    const path = { channel_id: checkChannelId(channelId) };
    return new ChannelReader({ transport: this.#transport, lane: this.#lane, path, definition });
  }

  async #readPage(query: ChannelQuery, { signal }: CallOptions): Promise<ChannelsPage> {
    const params = { query: encodeChannelQuery(query) };
    const { data, response } = await this.#transport.json("length", signal, (client, init) =>
      client.GET(`${this.#lane}/channels`, { ...init, params }),
    );
    return { channels: data, ...nextPage(response) };
  }
}
