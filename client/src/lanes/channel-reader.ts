import type { ChannelDefinition, ColumnName } from "../channel/channel-definition.ts";
import type { VersionedChannel } from "../channel/versioned-channel.ts";
import type { ColumnsPage } from "../reading/columns-page.ts";
import type { ExportQuery } from "../reading/export-query.ts";
import type { LatestOptions, LatestValuesOptions } from "../reading/latest-options.ts";
import type { LatestValues } from "../reading/latest-values.ts";
import type { PickedColumns, PickedRow } from "../reading/picked.ts";
import type { RowQuery } from "../reading/row-query.ts";
import type { RowsPage } from "../reading/rows-page.ts";
import { Selection } from "../reading/selection.ts";
import { bodyStream } from "../response/answer-stream.ts";
import { checkReadable } from "../response/check-drift.ts";
import { decodeColumns, decodeLatest, decodeRows } from "../response/decode.ts";
import { encodeRowQuery } from "../request/encode-row-query.ts";
import { writeQuery } from "../request/write-query.ts";
import { readNdjson } from "../response/read-ndjson.ts";
import { versioned } from "../response/headers.ts";
import type { components } from "../schema.generated.ts";
import type { CallOptions } from "./call-options.ts";
import type { ChannelAccess } from "./channel-access.ts";

type RowOnTheWire = components["schemas"]["RowsPage"]["rows"][number];

/**
 * Reads one channel, with rows of the type that its definition says.
 *
 * @example
 * ```ts
 * import { type ChannelReader, createKronicle, defineChannel } from "@kronicle/client";
 *
 * const thermometer = defineChannel({ temperature: "float" });
 * const kronicle = createKronicle({ baseUrl: "http://127.0.0.1:8000", token: "krn_reader_..." });
 *
 * async function warmest(channel: ChannelReader<typeof thermometer>): Promise<number> {
 *   let warmest = -Infinity;
 *   for await (const row of channel.rows({ where: { temperature: { min: 20 } } })) warmest = Math.max(warmest, row.temperature);
 *   return warmest;
 * }
 * console.log(await warmest(kronicle.reader.channel("6e8bc430-9c3a-4f5c-8d2e-2f1c9a7b4d10", thermometer)));
 * ```
 */
export class ChannelReader<Definition extends ChannelDefinition> {
  readonly #access: ChannelAccess<Definition>;

  constructor(access: ChannelAccess<Definition>) {
    this.#access = access;
  }

  /**
   * Gets the channel, without rows.
   *
   * @throws ApiError
   * @throws NetworkError
   * @throws TimeoutError
   * @see operation `getChannel` of the contract.
   */
  async get({ signal }: CallOptions = {}): Promise<VersionedChannel> {
    const { transport, lane, path } = this.#access;
    const answer = await transport.json("channel_schema", signal, (client, init) =>
      client.GET(`${lane}/channels/{channel_id}`, { ...init, params: { path } }),
    );
    return versioned(answer);
  }

  /**
   * Selects rows, newest first unless `sort` asks otherwise.
   *
   * The selection throws, when it is used, a TypeError if the query holds a value of a wrong type, and a SchemaDriftError if
   * the channel does not fit the definition.
   *
   * @see operation `readRows` of the contract.
   */
  rows<const Name extends ColumnName<Definition> = ColumnName<Definition>, SkipReceived extends boolean = true>(
    query: RowQuery<Definition, Name, SkipReceived> = {},
    options: CallOptions = {},
  ): Selection<PickedRow<Definition, Name, SkipReceived>, RowsPage<PickedRow<Definition, Name, SkipReceived>>> {
    return new Selection(
      // Only the first page skips rows: a cursor says by itself where to go on.
      (cursor) => this.#readRows(cursor === undefined ? query : { ...query, offset: undefined, cursor }, options),
      ({ rows }) => rows,
    );
  }

  /**
   * Gets the newest row, or null when there is none; of rows with the same time, the one that arrived last. The lane is always that of readers.
   *
   * @throws TypeError when an option holds a value of a wrong type.
   * @throws SchemaDriftError when the channel does not fit the definition.
   * @throws ApiError
   * @throws NetworkError
   * @throws TimeoutError
   * @see operation `getLatest` of the contract.
   */
  async latest<const Name extends ColumnName<Definition> = ColumnName<Definition>>(
    options: LatestOptions<Definition, Name> = {},
  ): Promise<PickedRow<Definition, Name, true> | null> {
    const { row } = await this.#readLatest(options);
    return row;
  }

  /**
   * Gets the newest value of each column that is not null, with its time: for devices that send their fields apart. It looks back from the
   * newest row as far as `lookback`.
   *
   * @throws TypeError when an option holds a value of a wrong type.
   * @throws SchemaDriftError when the channel does not fit the definition.
   * @throws ApiError
   * @throws NetworkError
   * @throws TimeoutError
   * @see operation `getLatest` of the contract.
   */
  async latestValues<const Name extends ColumnName<Definition> = ColumnName<Definition>>(
    options: LatestValuesOptions<Definition, Name> = {},
  ): Promise<LatestValues<Definition, Name>> {
    const { row, columns = {}, searched_from } = await this.#readLatest(options, true);
    return { row, columns: decodeLatest(this.#access.definition, columns), searchedFrom: searched_from ?? null };
  }

  /**
   * Reads one page of the same selection as columns, which is the smaller and quicker form for charts and arithmetic.
   *
   * @throws TypeError when the query holds a value of a wrong type.
   * @throws SchemaDriftError when the channel does not fit the definition.
   * @throws ApiError
   * @throws NetworkError
   * @throws TimeoutError
   * @see operation `readColumns` of the contract.
   */
  async columns<const Name extends ColumnName<Definition> = ColumnName<Definition>, SkipReceived extends boolean = true>(
    query: RowQuery<Definition, Name, SkipReceived> = {},
    { signal }: CallOptions = {},
  ): Promise<ColumnsPage<PickedColumns<Definition, Name, SkipReceived>>> {
    const { transport, lane, path, definition } = this.#access;
    const params = { path, query: encodeRowQuery(query) };
    const { data } = await transport.json("columns", signal, (client, init) =>
      client.GET(`${lane}/channels/{channel_id}/columns`, { ...init, params }),
    );
    const { columns, has_more, next_cursor, op_details: _, ...channel } = data;
    checkReadable(definition, channel, query.columns);
    return { columns: decodeColumns(definition, columns), hasMore: has_more, nextCursor: next_cursor, channel };
  }

  /**
   * Streams the whole selection, row by row, in constant memory and with one request. Rows that are appended after its start
   * are not part of it.
   *
   * @throws TypeError when the query holds a value of a wrong type, or the runtime has no streams.
   * @throws SchemaDriftError when the channel does not fit the definition.
   * @throws ApiError
   * @throws NetworkError, after some rows too: the rows that came are not all then.
   * @throws TimeoutError, after some rows too.
   * @see operation `exportRows` of the contract.
   */
  async *ndjson<const Name extends ColumnName<Definition> = ColumnName<Definition>, SkipReceived extends boolean = true>(
    query: ExportQuery<Definition, Name, SkipReceived> = {},
    options: CallOptions = {},
  ): AsyncGenerator<PickedRow<Definition, Name, SkipReceived>, void, undefined> {
    const { definition } = this.#access;
    const encoded = encodeRowQuery({ ...query, format: "ndjson" });
    // Fails before anything is sent.
    writeQuery(encoded);
    // The stream does not say what the columns are.
    checkReadable(definition, await this.get(options), query.columns);
    const stream = await this.#export("application/x-ndjson", encoded, options);
    for await (const rows of readNdjson<RowOnTheWire>(stream)) {
      yield* decodeRows<PickedRow<Definition, Name, SkipReceived>>(definition, rows);
    }
  }

  /**
   * Streams the whole selection as the bytes of a CSV file (RFC 4180, with a header line), for a file or a response. The stream
   * fails with a NetworkError when it breaks off.
   *
   * @throws TypeError when the query holds a value of a wrong type, or the runtime has no streams.
   * @throws ApiError
   * @throws NetworkError
   * @throws TimeoutError
   * @see operation `exportRows` of the contract.
   */
  async csv<const Name extends ColumnName<Definition> = ColumnName<Definition>>(
    query: ExportQuery<Definition, Name> = {},
    options: CallOptions = {},
  ): Promise<ReadableStream<Uint8Array>> {
    return this.#export("text/csv", encodeRowQuery({ ...query, format: "csv" }), options);
  }

  #export(type: string, query: object, { signal }: CallOptions): Promise<ReadableStream<Uint8Array>> {
    const { transport, lane, path } = this.#access;
    return bodyStream(
      transport.call(type, signal, (client, init) =>
        client.GET(`${lane}/channels/{channel_id}/rows/export`, { ...init, params: { path, query }, parseAs: "stream" }),
      ),
    );
  }

  async #readRows<PickedRow>(query: RowQuery<Definition>, { signal }: CallOptions): Promise<RowsPage<PickedRow>> {
    const { transport, lane, path, definition } = this.#access;
    const params = { path, query: encodeRowQuery(query) };
    const { data } = await transport.json("rows", signal, (client, init) =>
      client.GET(`${lane}/channels/{channel_id}/rows`, { ...init, params }),
    );
    const { rows, has_more, next_cursor, op_details: _, ...channel } = data;
    checkReadable(definition, channel, query.columns);
    return { rows: decodeRows(definition, rows), hasMore: has_more, nextCursor: next_cursor, channel };
  }

  async #readLatest<Name extends ColumnName<Definition>>(
    { signal, asOf: as_of, ...query }: LatestOptions<Definition, Name>,
    isPerColumn?: true,
  ) {
    const { transport, path, definition } = this.#access;
    const params = { path, query: encodeRowQuery({ ...query, as_of, per_column: isPerColumn }) };
    const { data } = await transport.json("row", signal, (client, init) =>
      client.GET("/api/v1/channels/{channel_id}/latest", { ...init, params }),
    );
    checkReadable(definition, data, query.columns);
    const [row = null] = decodeRows<PickedRow<Definition, Name, true>>(definition, data.row ? [data.row] : []);
    return { ...data, row };
  }
}
