/** In charge of a bit of everything that the client does, with nothing but what every runtime has. */
import {
  ApiError,
  createKronicle,
  defineChannel,
  isApiError,
  type Kronicle,
  KronicleError,
  NetworkError,
  TimeoutError,
} from "@kronicle/client";
import { createRawClient } from "@kronicle/client/raw";

export type Place = {
  readonly baseUrl: string;
  /** For all lanes. */
  readonly token: string;
  /** Of the channel, which no other runtime may have. */
  readonly name: string;
};

const definition = defineChannel({ count: "int64", temperature: "float", note: "optional[str]" });

/** Returns what came of it, as JSON. */
export async function exercise({ baseUrl, token, name }: Place): Promise<string> {
  const kronicle = createKronicle({ baseUrl, token });
  const { channel_id } = await kronicle.writer.upsertChannel({
    name,
    schema: definition,
    rows: [{ time: new Date("2024-03-01T00:00:00.5Z"), count: 9007199254740993n, temperature: 20.5 }],
  });
  const appending = kronicle.writer.channel(channel_id, definition);
  await appending.append([{ time: "2024-03-01T02:00:00.000001+02:00", count: -1n, temperature: -0.5, note: "früh 🌡" }]);

  const channel = kronicle.reader.channel(channel_id, definition);
  const outcome = {
    pages: await collect(channel.rows({ limit: 1, sort: "time", from: "2024-03-01T02:00:00+02:00" })),
    columns: (await channel.columns({ columns: ["temperature"] })).columns,
    listed: (await kronicle.reader.listChannels({ name }).page()).channels.map((found) => found.available_rows),
    written: await writeBatches(kronicle, channel_id),
    streamed: await sumOf(channel.ndjson({ from: "2025-01-01T00:00:00Z", sort: "time" })),
    raw: (await createRawClient({ baseUrl, token }).GET("/health/live")).data,
    csv: await new Response(await channel.csv({ to: "2024-03-01T00:00:00.1Z" })).text(),
    errors: await meetErrors(kronicle, { baseUrl, token, name }, channel_id),
  };
  return JSON.stringify(outcome, (_key, value: unknown) => {
    if (typeof value === "bigint") return `${value}n`;
    return value instanceof Float64Array ? { float64: Array.from(value) } : value;
  });
}

/** More rows than one batch takes, one of which is refused. */
async function writeBatches(kronicle: Kronicle, channelId: string) {
  const rejected: string[] = [];
  const writer = kronicle.writer.channel(channelId, definition).writer({
    maxRows: 1_000,
    onRejected: (rows) => {
      rejected.push(...rows.map(({ row, faults }) => `${row.count} ${faults[0]?.pointer}`));
    },
  });
  for (let index = 0; index < 2_500; index++) {
    const time = new Date(Date.UTC(2025, 0, 1) + index * 1_000);
    await writer.write({ time, count: BigInt(index), temperature: 1, ...(index === 1_700 ? { note: "\0" } : {}) });
  }
  await writer.close();
  return { rejected, left: writer.buffered };
}

async function meetErrors(kronicle: Kronicle, { baseUrl, token, name }: Place, channelId: string) {
  const silent: typeof fetch = () => new Promise(() => {});
  const impatient = createKronicle({ baseUrl, token, fetch: silent, attemptTimeoutMs: 1, retries: 0 });
  const unreached = createKronicle({ baseUrl: "http://127.0.0.1:9", token, retries: 0 });
  const large = [{ count: 1n, temperature: 1, note: "x".repeat(5 * 1024 * 1024) }];
  const conflict = await thrownBy(kronicle.setup.createChannel({ name, schema: definition }));
  const tooLarge = await thrownBy(kronicle.writer.channel(channelId, definition).append(large));
  const stopped = await thrownBy(kronicle.reader.getChannel(channelId, { signal: AbortSignal.abort(new Error("enough")) }));
  return {
    conflict: isApiError(conflict, "channel_exists") && conflict.status,
    tooLarge: tooLarge instanceof ApiError && tooLarge.code,
    unreached: (await thrownBy(unreached.reader.listChannels().page())) instanceof NetworkError,
    late: (await thrownBy(collect(impatient.reader.listChannels()))) instanceof TimeoutError,
    stopped: !(stopped instanceof KronicleError) && stopped instanceof Error && stopped.message,
  };
}

async function thrownBy(work: Promise<unknown>): Promise<unknown> {
  try {
    await work;
    return null;
  } catch (error) {
    return error;
  }
}

async function collect<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const collected: Item[] = [];
  for await (const item of items) collected.push(item);
  return collected;
}

async function sumOf(rows: AsyncIterable<{ readonly count: bigint }>) {
  let rowCount = 0;
  let sum = 0n;
  for await (const { count } of rows) {
    rowCount += 1;
    sum += count;
  }
  return { rowCount, sum };
}
