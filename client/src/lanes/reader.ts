import type { Channel } from "../channel/channel.ts";
import type { ChannelDefinition } from "../channel/channel-definition.ts";
import type { VersionedChannel } from "../channel/versioned-channel.ts";
import { NotFoundError } from "../errors/not-found-error.ts";
import { checkChannelId } from "../request/check-arguments.ts";
import { encodeChannelQuery } from "../request/encode-channel-query.ts";
import type { ApiClient } from "../request/api-client.ts";
import type { CallInit, Transport } from "../request/transport.ts";
import { nextPage } from "../response/headers.ts";
import type { ChannelQuery } from "../reading/channel-query.ts";
import type { ChannelsPage } from "../reading/channels-page.ts";
import type { ChannelLatest, LatestQuery, ListPage, TagCount, TagQuery, TagValueCount } from "../reading/fleet.ts";
import { Selection } from "../reading/selection.ts";
import type { CallOptions } from "./call-options.ts";
import type { Lane } from "./channel-access.ts";
import { ChannelReader } from "./channel-reader.ts";

/** Gets one page of a list. */
type List<Item> = (
  client: ApiClient,
  init: CallInit & { readonly params: { readonly query: object } },
) => Promise<{ readonly data?: Item[]; readonly response: Response }>;

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

  readonly #channels: List<Channel> = (client, init) => client.GET(`${this.#lane}/channels`, init);

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
      async (cursor = query.cursor) => {
        const { items: channels, ...rest } = await this.#readPage({ ...query, cursor }, options, this.#channels);
        return { channels, ...rest };
      },
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

  /**
   * Gives typed access to the channel that has this name now. The name is asked for once: when the channel is deleted, calls are refused as
   * `channel_not_found`, even if another has its name by then. Open that one anew.
   *
   * @throws ApiError `channel_not_found` when no channel that the token may see has the name, and others.
   * @throws NetworkError
   * @see operation `listChannels` of the contract.
   */
  async channelByName<Definition extends ChannelDefinition>(
    name: string,
    definition: Definition,
    options: CallOptions = {},
  ): Promise<ChannelReader<Definition>> {
    return this.channel(await this.idOf(name, options), definition);
  }

  /** @internal */
  async idOf(name: string, options: CallOptions): Promise<string> {
    // Whatever it is, it must not be left out: any channel would do then.
    const { data, response } = await this.#get({ name: `${name}` }, options, this.#channels);
    if (data[0]) return data[0].channel_id;
    const problem = {
      code: "channel_not_found",
      title: "There is no such channel",
      detail: `No channel has the name "${name}".`,
      request_id: response.headers.get("X-Request-Id") ?? "",
      errors: [],
    };
    throw new NotFoundError(404, problem, null);
  }

  /**
   * Lists the newest row of each channel, of all or of those that the query names. The lane is always that of readers.
   *
   * @throws TypeError when the query is used and holds a value of a wrong type.
   * @see operation `listLatest` of the contract.
   */
  latest(query: LatestQuery = {}, options: CallOptions = {}): Selection<ChannelLatest, ListPage<ChannelLatest>> {
    return this.#list(query, options, (client, init) => client.GET("/api/v1/latest", init));
  }

  /**
   * Lists the keys of tags, each with the number of channels that have it: what there is to filter by. The lane is always that of readers.
   *
   * @throws TypeError when the query is used and holds a value of a wrong type.
   * @see operation `listTags` of the contract.
   */
  tags(query: TagQuery = {}, options: CallOptions = {}): Selection<TagCount, ListPage<TagCount>> {
    return this.#list(query, options, (client, init) => client.GET("/api/v1/tags", init));
  }

  /**
   * Lists the values of a tag, each with the number of channels that have it. The lane is always that of readers.
   *
   * @throws TypeError when the query is used and holds a value of a wrong type.
   * @see operation `listTagValues` of the contract.
   */
  tagValues(key: string, query: TagQuery = {}, options: CallOptions = {}): Selection<TagValueCount, ListPage<TagValueCount>> {
    return this.#list(query, options, (client, { params, ...init }) =>
      client.GET("/api/v1/tags/{key}/values", { ...init, params: { ...params, path: { key } } }),
    );
  }

  #list<Item>(query: ChannelQuery, options: CallOptions, get: List<Item>): Selection<Item, ListPage<Item>> {
    return new Selection(
      (cursor = query.cursor) => this.#readPage({ ...query, cursor }, options, get),
      ({ items }) => items,
    );
  }

  async #readPage<Item>(query: ChannelQuery, options: CallOptions, get: List<Item>): Promise<ListPage<Item>> {
    const { data, response } = await this.#get(query, options, get);
    return { items: data, ...nextPage(response) };
  }

  #get<Item>(query: ChannelQuery, { signal }: CallOptions, get: List<Item>) {
    const params = { query: encodeChannelQuery(query) };
    return this.#transport.json("length", signal, (client, init) => get(client, { ...init, params }));
  }
}
