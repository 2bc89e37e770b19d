import type { ChannelDefinition } from "../channel/channel-definition.ts";
import type { NewRow } from "../channel/new-row.ts";
import { decodeWritten } from "../response/decode-written.ts";
import { encodeRows, rowEncoder } from "../request/encode-rows.ts";
import { rowJson, toJson } from "../json/to-json.ts";
import { encodeAppendOptions } from "../request/encode-options.ts";
import type { AppendOptions, Written } from "../writing/append-options.ts";
import { BatchWriter } from "../writing/batch-writer.ts";
import type { BatchWriterOptions } from "../writing/batch-writer-options.ts";
import type { WritingAccess } from "./channel-access.ts";
import { ChannelReader } from "./channel-reader.ts";

/**
 * Writes to one channel, with rows of the type that its definition says, and reads it as a `ChannelReader` does.
 *
 * @example
 * ```ts
 * import { type ChannelWriter, createKronicle, defineChannel } from "@kronicle/client";
 *
 * const thermometer = defineChannel({ temperature: "float" });
 * const kronicle = createKronicle({ baseUrl: "http://127.0.0.1:8000", token: "krn_writer_..." });
 *
 * async function record(channel: ChannelWriter<typeof thermometer>, temperature: number): Promise<void> {
 *   await channel.append([{ time: new Date(), temperature }]);
 * }
 * await record(kronicle.writer.channel("6e8bc430-9c3a-4f5c-8d2e-2f1c9a7b4d10", thermometer), 20.5);
 * ```
 */
export class ChannelWriter<Definition extends ChannelDefinition> extends ChannelReader<Definition> {
  readonly #access: WritingAccess<Definition>;

  constructor(access: WritingAccess<Definition>) {
    super(access);
    this.#access = access;
  }

  /**
   * Appends rows: all of them, or none, unless `strict` is false. It resolves after the commit.
   *
   * @throws TypeError naming row and column of an invalid `Date`, NaN, Infinity, or another value that JSON cannot hold.
   * @throws ApiError `row_invalid`, `channel_not_found` and others.
   * @throws NetworkError when no answer came; the rows may be stored nevertheless. With an `idempotencyKey` the same call again
   * settles it.
   * @throws SchemaDriftError when `returnRows` is true and the channel does not fit the definition; the rows are stored then.
   * @see operation `appendRows` of the contract.
   */
  async append<ReturnRows extends boolean = false>(
    rows: readonly NewRow<Definition>[],
    options: AppendOptions<ReturnRows> = {},
  ): Promise<Written<Definition, ReturnRows>> {
    const { definition } = this.#access;
    return decodeWritten(definition, options, await this.#send(toJson({ rows: encodeRows(definition, rows) }), options));
  }

  /** @param body the JSON of the rows: that of a batch is written when its rows are taken, and has to stay the same in each attempt. */
  async #send(body: string, options: AppendOptions) {
    const { transport, lane, path, definition, firstUse } = this.#access;
    const { signal } = options;
    const params = { path, ...encodeAppendOptions(options) };
    await firstUse.check(definition, path.channel_id, () => this.get({ signal }));
    return transport.json("op_details", signal, (client, init) =>
      client.POST(`${lane}/channels/{channel_id}/rows`, { ...init, params, body, bodySerializer: () => body }),
    );
  }

  /**
   * Makes a writer that gathers rows and appends them in batches: the way to write much, or through outages. Sends nothing.
   *
   * @throws TypeError when an option cannot be used.
   * @see operation `appendRows` of the contract.
   */
  writer(options: BatchWriterOptions<NewRow<Definition>>): BatchWriter<NewRow<Definition>> {
    const { definition } = this.#access;
    const { onSameTime } = options;
    const encodeRow = rowEncoder(definition);
    const encode = (row: NewRow<Definition>) => rowJson(encodeRow(withTime(row), "row"));
    const append = async (json: string, idempotencyKey: string, signal: AbortSignal) => {
      await this.#send(json, { idempotencyKey, onSameTime, signal });
    };
    return new BatchWriter({ append, encode }, options);
  }
}

/** A row without `time` gets it now: it may wait, and then the time of its arrival would be another. */
function withTime<Row extends { time?: Date | string | undefined }>(row: Row): Row {
  return row.time === undefined ? { ...row, time: new Date() } : row;
}
