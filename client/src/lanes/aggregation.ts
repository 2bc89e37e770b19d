import type { ChannelDefinition } from "../channel/channel-definition.ts";
import type { AggregateQuery } from "../reading/aggregate-query.ts";
import type { Bucket } from "../reading/bucket.ts";
import type { BucketColumnsPage } from "../reading/bucket-columns-page.ts";
import type { BucketsPage } from "../reading/buckets-page.ts";
import { Selection } from "../reading/selection.ts";
import { encodeAggregateQuery } from "../request/encode-aggregate-query.ts";
import { writeQuery } from "../request/write-query.ts";
import { bodyStream } from "../response/answer-stream.ts";
import { decodeBuckets, decodeBucketsPage } from "../response/decode-buckets.ts";
import { readNdjson } from "../response/read-ndjson.ts";
import type { components } from "../schema.generated.ts";
import type { CallOptions } from "./call-options.ts";
import type { ChannelAccess } from "./channel-access.ts";

type AggregateParameters = Pick<ChannelAccess<ChannelDefinition>, "path"> & { readonly query: object };
type BucketOnTheWire = components["schemas"]["Bucket"];

/** What it takes to aggregate rows of one channel, on the lane of readers. */
type AggregationAccess<Definition extends ChannelDefinition> = Pick<
  ChannelAccess<Definition>,
  "transport" | "path" | "definition"
> & {
  readonly signal: CallOptions["signal"];
  /** Compares the definition with the channel. */
  readonly check: () => Promise<void>;
};

/** An export has no pages. */
const WHOLE = { limit: undefined, cursor: undefined };

/**
 * The buckets of an aggregate: all of them by `for await`, which follows the pages by itself, one page by `page()` or, for charts, by
 * `columns()`, and all of them as a stream by `ndjson()` and `csv()`.
 *
 * Nothing is sent before one of them is used, and each use starts from the beginning. The first use of a column gets the
 * channel as well, to compare it with the definition.
 *
 * @example
 * ```ts
 * import { createReader, defineChannel } from "@kronicle/client";
 *
 * const thermometer = defineChannel({ temperature: "float" });
 * const reader = createReader({ baseUrl: "http://127.0.0.1:8000", token: "krn_reader_..." });
 * const channel = reader.channel("6e8bc430-9c3a-4f5c-8d2e-2f1c9a7b4d10", thermometer);
 * const hours = channel.aggregate({ bucket: "1h", fn: { temperature: ["avg", "p95"] } });
 *
 * for await (const { time, values } of hours) console.log(time, values.temperature.avg, values.temperature.p95);
 * const { time, values } = await hours.columns();
 * console.log(time.length, values.temperature.avg);
 * ```
 */
export class Aggregation<Definition extends ChannelDefinition, Functions> extends Selection<
  Bucket<Definition, Functions>,
  BucketsPage<Definition, Functions>
> {
  readonly #access: AggregationAccess<Definition>;
  readonly #query: AggregateQuery;

  constructor(access: AggregationAccess<Definition>, query: AggregateQuery) {
    super(
      (cursor = query.cursor) => this.#readBuckets(cursor),
      ({ buckets }) => buckets,
    );
    this.#access = access;
    this.#query = query;
  }

  /**
   * Reads one page as columns: the first, or the one that the `cursor` of the query leads to.
   *
   * @throws TypeError when the query holds a value of a wrong type.
   * @throws SchemaDriftError when the channel does not fit the definition.
   * @throws ApiError `query_invalid`, `too_many_buckets` and others.
   * @throws NetworkError
   * @throws TimeoutError
   * @see operation `aggregateColumns` of the contract.
   */
  async columns(): Promise<BucketColumnsPage<Definition, Functions>> {
    const { transport, signal, definition } = this.#access;
    const params = await this.#checked({});
    const { data } = await transport.json("values", signal, (client, init) =>
      client.GET("/api/v1/channels/{channel_id}/columns/aggregate", { ...init, params }),
    );
    return decodeBucketsPage(definition, data);
  }

  /**
   * Streams all buckets with one request, whatever `limit` and `cursor` say.
   *
   * @throws TypeError when the query holds a value of a wrong type, or the runtime has no streams.
   * @throws SchemaDriftError when the channel does not fit the definition.
   * @throws ApiError `query_invalid`, `too_many_buckets` and others.
   * @throws NetworkError, after some buckets too: those that came are not all then.
   * @throws TimeoutError, after some buckets too.
   * @see operation `exportAggregate` of the contract.
   */
  async *ndjson(): AsyncGenerator<Bucket<Definition, Functions>, void, undefined> {
    const stream = await this.#export("application/x-ndjson", await this.#checked({ ...WHOLE, format: "ndjson" }));
    for await (const buckets of readNdjson<BucketOnTheWire>(stream)) {
      yield* decodeBuckets<Bucket<Definition, Functions>>(this.#access.definition, buckets);
    }
  }

  /**
   * Streams all buckets as the bytes of a CSV file (RFC 4180), whatever `limit` and `cursor` say: `time`, `end`, `count`, `partial`,
   * `coverage`, `filled`, and a column for each function, such as `temperature.avg`. The stream fails with a NetworkError when it breaks off.
   *
   * @throws TypeError when the query holds a value of a wrong type, or the runtime has no streams.
   * @throws ApiError `query_invalid`, `too_many_buckets` and others.
   * @throws NetworkError
   * @throws TimeoutError
   * @see operation `exportAggregate` of the contract.
   */
  async csv(): Promise<ReadableStream<Uint8Array>> {
    return this.#export("text/csv", this.#encode({ ...WHOLE, format: "csv" }));
  }

  #export(type: string, params: AggregateParameters): Promise<ReadableStream<Uint8Array>> {
    const { transport, signal } = this.#access;
    return bodyStream(
      transport.call(type, signal, (client, init) =>
        client.GET("/api/v1/channels/{channel_id}/rows/aggregate/export", { ...init, params, parseAs: "stream" }),
      ),
    );
  }

  async #readBuckets(cursor: string | undefined): Promise<BucketsPage<Definition, Functions>> {
    const { transport, signal, definition } = this.#access;
    const params = await this.#checked({ cursor });
    const { data } = await transport.json("buckets", signal, (client, init) =>
      client.GET("/api/v1/channels/{channel_id}/rows/aggregate", { ...init, params }),
    );
    return decodeBucketsPage(definition, data);
  }

  /** What is wrong with a query is found before anything is sent. */
  async #checked(fields: object): Promise<AggregateParameters> {
    const params = this.#encode(fields);
    writeQuery(params.query);
    await this.#access.check();
    return params;
  }

  #encode(fields: object): AggregateParameters {
    return { path: this.#access.path, query: encodeAggregateQuery({ ...this.#query, ...fields }) };
  }
}
