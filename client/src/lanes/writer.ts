import type { ChannelDefinition } from "../channel/channel-definition.ts";
import type { ChannelUpsert } from "../channel/channel-upsert.ts";
import { checkChannelId } from "../request/check-arguments.ts";
import { decodeWritten } from "../response/decode-written.ts";
import { encodeDefinition } from "../request/encode-definition.ts";
import { encodeRows } from "../request/encode-rows.ts";
import { FirstUse } from "../writing/first-use.ts";
import { toJson } from "../json/to-json.ts";
import type { Transport } from "../request/transport.ts";
import { encodeAppendOptions } from "../request/encode-options.ts";
import type { AppendOptions, Written } from "../writing/append-options.ts";
import type { CallOptions } from "./call-options.ts";
import { ChannelWriter } from "./channel-writer.ts";
import { Reader } from "./reader.ts";

/**
 * The writer's lane: rows, and the channels they belong to. Needs a token of the role `writer` or higher.
 *
 * It reads as a `Reader` does, on its own lane.
 *
 * @example
 * ```ts
 * import { createKronicle, defineChannel, type Writer } from "@kronicle/client";
 *
 * const thermometer = defineChannel({ temperature: "float" });
 * const { writer }: { writer: Writer } = createKronicle({ baseUrl: "http://127.0.0.1:8000", token: "krn_writer_..." });
 * const written = await writer.upsertChannel({ name: "thermo-2", schema: thermometer, rows: [{ temperature: 20.5 }] });
 * console.log(written.op_details.inserted_rows);
 * ```
 */
export class Writer extends Reader {
  readonly #transport: Transport;
  readonly #firstUse = new FirstUse();

  constructor(transport: Transport) {
    super(transport, "/data/v1");
    this.#transport = transport;
  }

  /**
   * Creates the channel if it is missing, replaces the labels that are given, and appends the rows: all of it, or nothing.
   *
   * @throws TypeError naming the place of an invalid `Date`, NaN, Infinity, or another value that JSON cannot hold.
   * @throws ApiError `row_invalid`, `schema_conflict` and others.
   * @throws NetworkError when no answer came; the rows may be stored nevertheless. With an `idempotencyKey` the same call again
   * settles it.
   * @see operation `upsertChannel` of the contract.
   */
  async upsertChannel<Definition extends ChannelDefinition, ReturnRows extends boolean = false>(
    channel: ChannelUpsert<Definition>,
    options: AppendOptions<ReturnRows> = {},
  ): Promise<Written<Definition, ReturnRows>> {
    const { rows, ...definition } = channel;
    const params = encodeAppendOptions(options);
    const body = { ...encodeDefinition(definition), rows: encodeRows(channel.schema, rows ?? []) };
    const answer = await this.#transport.json("op_details", options.signal, (client, init) =>
      client.POST("/data/v1/channels", { ...init, params, body, bodySerializer: toJson }),
    );
    this.#firstUse.trust(channel.schema, answer.data.channel_id);
    return decodeWritten(channel.schema, options, answer);
  }

  /**
   * Gives typed access to one channel. Sends nothing.
   *
   * @throws TypeError when the id is not a UUID.
   */
  override channel<Definition extends ChannelDefinition>(channelId: string, definition: Definition): ChannelWriter<Definition> {
    const path = { channel_id: checkChannelId(channelId) };
    return new ChannelWriter({ transport: this.#transport, lane: "/data/v1", path, definition, firstUse: this.#firstUse });
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
  ): Promise<ChannelWriter<Definition>> {
    return this.channel(await this.idOf(name, options), definition);
  }
}
