import type { ChannelDefinition, ColumnName } from "../channel/channel-definition.ts";
import type { AggregateFunctions, DefaultFunctions } from "../reading/aggregate-functions.ts";
import type { AggregateQuery } from "../reading/aggregate-query.ts";
import type { PickedRow } from "../reading/picked.ts";
import type { RowsSample } from "../reading/rows-sample.ts";
import type { NumberColumn, SampleQuery } from "../reading/sample-query.ts";
import { encodeRowQuery } from "../request/encode-row-query.ts";
import { checkReadable } from "../response/check-drift.ts";
import { decodeRows } from "../response/decode.ts";
import { Aggregation } from "./aggregation.ts";
import type { CallOptions } from "./call-options.ts";
import type { ChannelAccess } from "./channel-access.ts";
import { ChannelReader } from "./channel-reader.ts";

/**
 * Reads one channel as a `ChannelReader` does, answers what its rows have in common, and samples them, which the lane of readers alone does.
 *
 * @example
 * ```ts
 * import { type ChannelAnalyst, createReader, defineChannel } from "@kronicle/client";
 *
 * const thermometer = defineChannel({ temperature: "float" });
 * const reader = createReader({ baseUrl: "http://127.0.0.1:8000", token: "krn_reader_..." });
 *
 * async function hottestDay(channel: ChannelAnalyst<typeof thermometer>): Promise<string | undefined> {
 *   const { buckets } = await channel.aggregate({ bucket: "1d", tz: "Europe/Berlin", partial: "drop" }).page();
 *   return buckets.sort((one, other) => (other.values.temperature.max ?? 0) - (one.values.temperature.max ?? 0))[0]?.time;
 * }
 * console.log(await hottestDay(reader.channel("6e8bc430-9c3a-4f5c-8d2e-2f1c9a7b4d10", thermometer)));
 * ```
 */
export class ChannelAnalyst<Definition extends ChannelDefinition> extends ChannelReader<Definition> {
  readonly #access: ChannelAccess<Definition>;
  /** Columns of the definition that the channel has as it says. */
  readonly #fitting = new Set<string>();

  constructor(access: ChannelAccess<Definition>) {
    super(access);
    this.#access = access;
  }

  /**
   * Aggregates rows: what the rows of each stretch of time (a bucket) have in common, in order of time. A bucket that is no whole one says so,
   * and only those with rows are there, unless `fill` asks for the others.
   *
   * The aggregation throws, when it is used, a TypeError if the query holds a value of a wrong type, a SchemaDriftError if the channel does
   * not fit the definition, and an ApiError `too_many_buckets` if the range has more than 10,000.
   *
   * @see operation `aggregateRows` of the contract.
   */
  aggregate<const Functions extends AggregateFunctions<Definition> = DefaultFunctions<Definition>>(
    query: AggregateQuery<Definition, Functions> = {},
    options: CallOptions = {},
  ): Aggregation<Definition, Functions> {
    const { definition } = this.#access;
    // The answers do not say what the columns are.
    const check = async () => {
      const names = Object.keys(query.fn ?? definition.columns);
      if (names.every((name) => this.#fitting.has(name))) return;
      checkReadable(definition, await this.get(options), names);
      for (const name of names) this.#fitting.add(name);
    };
    return new Aggregation({ ...this.#access, signal: options.signal, check }, query);
  }

  /**
   * Samples rows for a chart: rows as they are, in order of time, that draw the same picture of a column as all of them. No spike is lost.
   *
   * @throws TypeError when the query holds a value of a wrong type.
   * @throws SchemaDriftError when the channel does not fit the definition.
   * @throws ApiError
   * @throws NetworkError
   * @throws TimeoutError
   * @see operation `sampleRows` of the contract.
   */
  async sample<const Name extends ColumnName<Definition> = ColumnName<Definition>>(
    column: NumberColumn<Definition>,
    { maxPoints: max_points, ...query }: SampleQuery<Definition, Name> = {},
    { signal }: CallOptions = {},
  ): Promise<RowsSample<PickedRow<Definition, Name, true>>> {
    const { transport, path, definition } = this.#access;
    const params = { path, query: { ...encodeRowQuery({ ...query, max_points }), column } };
    const { data } = await transport.json("rows", signal, (client, init) =>
      client.GET("/api/v1/channels/{channel_id}/rows/sample", { ...init, params }),
    );
    const { rows, sampled_from: sampledFrom, ...channel } = data;
    checkReadable(definition, channel, query.columns);
    return { rows: decodeRows(definition, rows), sampledFrom, channel };
  }
}
