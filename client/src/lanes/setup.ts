import type { CreatedKey } from "../access/created-key.ts";
import type { Key } from "../access/key.ts";
import type { KeyRotation } from "../access/key-rotation.ts";
import type { KeysPage } from "../access/keys-page.ts";
import type { NewKey } from "../access/new-key.ts";
import type { Channel } from "../channel/channel.ts";
import type { ChannelClone } from "../channel/channel-clone.ts";
import type { ChannelDefinition } from "../channel/channel-definition.ts";
import type { ChannelDeletion } from "../channel/channel-deletion.ts";
import type { ChannelPatch } from "../channel/channel-patch.ts";
import type { ChannelReplacement } from "../channel/channel-replacement.ts";
import type { NewChannel } from "../channel/new-channel.ts";
import type { VersionedChannel } from "../channel/versioned-channel.ts";
import { Selection } from "../reading/selection.ts";
import { checkChannelId, checkKeyId } from "../request/check-arguments.ts";
import { encodeClone, encodeDefinition, encodePatch, encodeReplacement } from "../request/encode-definition.ts";
import { isoTime, withoutUndefined } from "../request/encode-values.ts";
import { matchHeaders } from "../request/encode-options.ts";
import type { Transport } from "../request/transport.ts";
import { nextPage, versioned } from "../response/headers.ts";
import { FirstUse } from "../writing/first-use.ts";
import type { CallOptions } from "./call-options.ts";
import type { Capabilities } from "./capabilities.ts";
import { ChannelAdmin } from "./channel-admin.ts";
import type { MatchOptions } from "./match-options.ts";
import { Reader } from "./reader.ts";

/**
 * The admin's lane: channels and keys. Needs a token of the role `admin`.
 *
 * It reads as a `Reader` does, on its own lane.
 *
 * @example
 * ```ts
 * import { createKronicle, defineChannel, type Setup } from "@kronicle/client";
 *
 * const { setup }: { setup: Setup } = createKronicle({ baseUrl: "http://127.0.0.1:8000", token: "krn_admin_..." });
 * const { channel_id } = await setup.createChannel({ schema: defineChannel({ temperature: "float" }), tags: { room: "lab" } });
 * const { key } = await setup.createKey({ lane: "writer", label: "gateway in the attic" });
 * console.log(channel_id, key.length);
 * ```
 */
export class Setup extends Reader {
  readonly #transport: Transport;
  readonly #firstUse = new FirstUse();

  constructor(transport: Transport) {
    super(transport, "/setup/v1");
    this.#transport = transport;
  }

  /**
   * Creates a channel, without rows.
   *
   * @throws TypeError naming the place of a value in metadata or tags that JSON cannot hold.
   * @throws ApiError `channel_exists`, `schema_invalid` and others.
   * @throws NetworkError when no answer came; the channel may exist nevertheless.
   * @see operation `createChannel` of the contract.
   */
  async createChannel<Definition extends ChannelDefinition>(
    channel: NewChannel<Definition>,
    { signal }: CallOptions = {},
  ): Promise<VersionedChannel> {
    const body = encodeDefinition(channel);
    const answer = await this.#transport.json("channel_id", signal, (client, init) =>
      client.POST("/setup/v1/channels", { ...init, body }),
    );
    return versioned(answer);
  }

  /**
   * Replaces each field that is given, and leaves the others; creates the channel if it is missing and a schema is given.
   *
   * @throws TypeError when the id is not a UUID, and as `createChannel` does.
   * @throws ApiError `schema_conflict`, `channel_exists`, `precondition_failed` and others.
   * @throws NetworkError when no answer came; the channel may be changed nevertheless.
   * @see operation `replaceChannel` of the contract.
   */
  async replaceChannel<Definition extends ChannelDefinition>(
    channelId: string,
    replacement: ChannelReplacement<Definition>,
    options: MatchOptions = {},
  ): Promise<VersionedChannel> {
    const params = { path: { channel_id: checkChannelId(channelId) }, header: matchHeaders(options) };
    const body = encodeReplacement(replacement);
    const answer = await this.#transport.json("channel_id", options.signal, (client, init) =>
      client.PUT("/setup/v1/channels/{channel_id}", { ...init, params, body }),
    );
    return versioned(answer);
  }

  /**
   * Changes what the patch names. No stored row is touched.
   *
   * @throws TypeError when the id is not a UUID, and as `createChannel` does.
   * @throws ApiError `channel_not_found`, `schema_conflict`, `precondition_failed` and others.
   * @throws NetworkError when no answer came; the channel may be changed nevertheless.
   * @see operation `patchChannel` of the contract.
   */
  async patchChannel(channelId: string, patch: ChannelPatch, options: MatchOptions = {}): Promise<VersionedChannel> {
    const params = { path: { channel_id: checkChannelId(channelId) }, header: matchHeaders(options) };
    const body = encodePatch(patch);
    const answer = await this.#transport.json("channel_id", options.signal, (client, init) =>
      client.PATCH("/setup/v1/channels/{channel_id}", { ...init, params, body }),
    );
    return versioned(answer);
  }

  /**
   * Makes a channel like another one, without its rows. Its name is that of the other with `_copy` unless it is given.
   *
   * @throws TypeError when the id is not a UUID, and as `createChannel` does.
   * @throws ApiError `channel_not_found`, `channel_exists` and others.
   * @throws NetworkError when no answer came; the channel may exist nevertheless.
   * @see operation `cloneChannel` of the contract.
   */
  async cloneChannel<Definition extends ChannelDefinition>(
    channelId: string,
    clone: ChannelClone<Definition> = {},
    { signal }: CallOptions = {},
  ): Promise<VersionedChannel> {
    const params = { path: { channel_id: checkChannelId(channelId) } };
    const body = encodeClone(clone);
    const answer = await this.#transport.json("channel_id", signal, (client, init) =>
      client.POST("/setup/v1/channels/{channel_id}/clone", { ...init, params, body }),
    );
    return versioned(answer);
  }

  /**
   * Deletes a channel with all its rows, and resolves to what it was.
   *
   * @throws TypeError when the id is not a UUID.
   * @throws ApiError `channel_not_found`, `precondition_failed` and others.
   * @throws NetworkError when no answer came; the channel may be deleted nevertheless.
   * @see operation `deleteChannel` of the contract.
   */
  async deleteChannel(channelId: string, options: MatchOptions = {}): Promise<Channel> {
    const params = { path: { channel_id: checkChannelId(channelId) }, header: matchHeaders(options) };
    const { data } = await this.#transport.json("channel_id", options.signal, (client, init) =>
      client.DELETE("/setup/v1/channels/{channel_id}", { ...init, params }),
    );
    return data;
  }

  /**
   * Deletes up to 1,000 channels with all their rows, each by itself: one that is missing does not keep the others.
   *
   * @throws TypeError when an id is not a UUID.
   * @throws ApiError
   * @throws NetworkError when no answer came; some of them may be deleted nevertheless.
   * @see operation `deleteChannels` of the contract.
   */
  async deleteChannels(channelIds: readonly string[], { signal }: CallOptions = {}): Promise<ChannelDeletion[]> {
    const body = { channel_ids: Array.from(channelIds, checkChannelId) };
    const { data } = await this.#transport.json("length", signal, (client, init) =>
      client.POST("/setup/v1/channels/batch-delete", { ...init, body }),
    );
    return data;
  }

  /**
   * Gives typed access to one channel. Sends nothing.
   *
   * @throws TypeError when the id is not a UUID.
   */
  override channel<Definition extends ChannelDefinition>(channelId: string, definition: Definition): ChannelAdmin<Definition> {
    const path = { channel_id: checkChannelId(channelId) };
    return new ChannelAdmin({ transport: this.#transport, lane: "/setup/v1", path, definition, firstUse: this.#firstUse });
  }

  /**
   * Gives typed access to the channel that has this name now, and to no other that has it later.
   *
   * @throws ApiError `channel_not_found` when no channel that the token may see has the name, and others.
   * @throws NetworkError
   * @see operation `listChannels` of the contract.
   */
  override async channelByName<Definition extends ChannelDefinition>(
    name: string,
    definition: Definition,
    options: CallOptions = {},
  ): Promise<ChannelAdmin<Definition>> {
    return this.channel(await this.idOf(name, options), definition);
  }

  /**
   * Lists the column types that the service knows; each may be wrapped as `optional[…]`.
   *
   * @throws ApiError
   * @throws NetworkError
   * @see operation `listColumnTypes` of the contract.
   */
  async listColumnTypes({ signal }: CallOptions = {}): Promise<string[]> {
    const { data } = await this.#transport.json("length", signal, (client, init) =>
      client.GET("/setup/v1/channels/columns/types", init),
    );
    return data;
  }

  /**
   * Asks what the deployment can do.
   *
   * @throws ApiError
   * @throws NetworkError
   * @see operation `getCapabilities` of the contract.
   */
  async capabilities({ signal }: CallOptions = {}): Promise<Capabilities> {
    const { data } = await this.#transport.json("timescaledb", signal, (client, init) =>
      client.GET("/setup/v1/capabilities", init),
    );
    return data;
  }

  /**
   * Makes a key for one lane. The answer is the only place that ever holds the key itself.
   *
   * @throws TypeError when `expiresAt` is an invalid Date.
   * @throws ApiError
   * @throws NetworkError
   * @see operation `createKey` of the contract.
   */
  async createKey({ lane, expiresAt, ...rest }: NewKey, { signal }: CallOptions = {}): Promise<CreatedKey> {
    const expires_at = expiresAt instanceof Date ? isoTime(expiresAt, "expiresAt") : expiresAt;
    const body = { lane, ...withoutUndefined({ ...rest, expires_at }) };
    const { data } = await this.#transport.json("key", signal, (client, init) => client.POST("/auth/v1/keys", { ...init, body }));
    return data;
  }

  /**
   * Lists keys in order of creation, those that are revoked or have expired too, without their secrets.
   *
   * @see operation `listKeys` of the contract.
   */
  listKeys({ signal }: CallOptions = {}): Selection<Key, KeysPage> {
    return new Selection(
      async (cursor) => {
        const params = { query: withoutUndefined({ cursor }) };
        const { data, response } = await this.#transport.json("length", signal, (client, init) =>
          client.GET("/auth/v1/keys", { ...init, params }),
        );
        return { keys: data, ...nextPage(response) };
      },
      ({ keys }) => keys,
    );
  }

  /**
   * Makes a key that takes the place of this one. Both work until the overlap is over.
   *
   * @throws TypeError when it is not the id of a key.
   * @throws ApiError `key_not_found` and others.
   * @throws NetworkError when no answer came; there may be a new key nevertheless.
   * @see operation `rotateKey` of the contract.
   */
  async rotateKey(keyId: string, { overlapSeconds }: KeyRotation = {}, { signal }: CallOptions = {}): Promise<CreatedKey> {
    const params = { path: { key_id: checkKeyId(keyId) } };
    const body = withoutUndefined({ overlap_seconds: overlapSeconds });
    const { data } = await this.#transport.json("key", signal, (client, init) =>
      client.POST("/auth/v1/keys/{key_id}/rotate", { ...init, params, body }),
    );
    return data;
  }

  /**
   * Ends a key for good. It is refused within five seconds on every server.
   *
   * @throws TypeError when it is not the id of a key.
   * @throws ApiError `key_not_found` and others.
   * @throws NetworkError when no answer came; the key may be revoked nevertheless.
   * @see operation `revokeKey` of the contract.
   */
  async revokeKey(keyId: string, { signal }: CallOptions = {}): Promise<Key> {
    const params = { path: { key_id: checkKeyId(keyId) } };
    const { data } = await this.#transport.json("key_id", signal, (client, init) =>
      client.DELETE("/auth/v1/keys/{key_id}", { ...init, params }),
    );
    return data;
  }
}
