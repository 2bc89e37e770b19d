/** In charge of the types that callers see. It is compiled and never run. */
import {
  type AggregateQuery,
  type ApiError,
  type ColumnType,
  createKronicle,
  createReader,
  createSetup,
  createWriter,
  defineChannel,
  isApiError,
  isTransient,
  type NetworkError,
  type NewRow,
  RateLimitError,
  type Row,
  type RowQuery,
  type TimeoutError,
} from "../src/index.ts";
import { createRawClient } from "../src/raw/index.ts";
import type { operations } from "../src/schema.generated.ts";

type Equal<Left, Right> = (<Type>() => Type extends Left ? 1 : 2) extends <Type>() => Type extends Right ? 1 : 2 ? true : false;
declare function expectTrue<_Claim extends true>(): void;
declare function expectType<Expected>(): <Actual>(
  value: Actual,
  ...equal: Equal<Actual, Expected> extends true ? [] : [never]
) => void;

const kronicle = createKronicle({ baseUrl: "http://127.0.0.1:8000", token: "key" });
const id = "6e8bc430-9c3a-4f5c-8d2e-2f1c9a7b4d10";

const everything = defineChannel({
  str: "str",
  int: "int",
  int64: "int64",
  float: "float",
  bool: "bool",
  uuid: "uuid",
  datetime: "datetime",
  dict: "dict",
  list: "list",
  maybe: "optional[int64]",
});
const thermometer = defineChannel({ temperature: "float", note: "optional[str]" });
const reader = kronicle.reader.channel(id, thermometer);
const writer = kronicle.writer.channel(id, thermometer);

// Each kind of value, when it is read and when it is written.
expectTrue<
  Equal<
    Row<typeof everything>,
    {
      time: string;
      str: string;
      int: number;
      int64: bigint;
      float: number;
      bool: boolean;
      uuid: string;
      datetime: string;
      dict: Record<string, unknown>;
      list: unknown[];
      maybe: bigint | null;
    }
  >
>();
expectTrue<
  Equal<
    NewRow<typeof everything>,
    {
      time?: Date | string | undefined;
      str: string;
      int: number;
      int64: bigint;
      float: number;
      bool: boolean;
      uuid: string;
      datetime: Date | string;
      dict: Readonly<Record<string, unknown>>;
      list: readonly unknown[];
      maybe?: bigint | null | undefined;
    }
  >
>();

// Aliases mean the same as the names they stand for.
const aliases = defineChannel({
  a: "string",
  b: "text",
  c: "integer",
  d: "number",
  e: "double",
  f: "double precision",
  g: "boolean",
  h: "uuid4",
  i: "uuidv4",
  j: "uuid_v4",
  k: "date",
  l: "timestamp",
  m: "timestamptz",
  n: "time",
  o: "json",
  p: "jsonb",
  q: "optional[integer]",
});
expectTrue<
  Equal<
    Row<typeof aliases>,
    {
      time: string;
      a: string;
      b: string;
      c: number;
      d: number;
      e: number;
      f: number;
      g: boolean;
      h: string;
      i: string;
      j: string;
      k: string;
      l: string;
      m: string;
      n: string;
      o: Record<string, unknown>;
      p: Record<string, unknown>;
      q: number | null;
    }
  >
>();
expectTrue<Equal<Extract<ColumnType, "optional[double precision]">, "optional[double precision]">>();

// Definitions.
defineChannel({ time: "datetime", temperature: "float" });
// @ts-expect-error there is no such type
defineChannel({ temperature: "flaot" });
// @ts-expect-error optional wraps once
defineChannel({ temperature: "optional[optional[float]]" });
// @ts-expect-error time is always a datetime
defineChannel({ time: "float", temperature: "float" });
// @ts-expect-error time is never optional
defineChannel({ time: "optional[datetime]", temperature: "float" });
// @ts-expect-error a definition is frozen
thermometer.columns.temperature = "float";
expectTrue<Equal<typeof thermometer.columns, { readonly temperature: "float"; readonly note: "optional[str]" }>>();
const declaresTime = defineChannel({ time: "timestamptz", temperature: "float" });
expectTrue<Equal<Row<typeof declaresTime>, { time: string; temperature: number }>>();
expectTrue<Equal<NewRow<typeof declaresTime>, { time?: Date | string | undefined; temperature: number }>>();

// Writing.
await writer.append([
  { temperature: 20.5 },
  { time: new Date(), temperature: 1, note: null },
  { time: "…", temperature: 1, note: "" },
]);
// @ts-expect-error a required column is missing
await writer.append([{ note: "no temperature" }]);
// @ts-expect-error a wrong type
await writer.append([{ temperature: "20.5" }]);
// @ts-expect-error null is for optional columns
await writer.append([{ temperature: null }]);
// @ts-expect-error there is no such column
await writer.append([{ temperature: 20.5, humidity: 40 }]);
// @ts-expect-error bare numbers are no times
await writer.append([{ time: 1_709_251_200, temperature: 20.5 }]);
// @ts-expect-error int64 takes no number
await kronicle.writer.channel(id, defineChannel({ count: "int64" })).append([{ count: 1 }]);

await kronicle.writer.upsertChannel({ name: "thermo-1", schema: thermometer });
await kronicle.writer.upsertChannel({ channelId: id, schema: thermometer, rows: [{ temperature: 20.5 }] });
// @ts-expect-error neither name nor id
await kronicle.writer.upsertChannel({ schema: thermometer });
// @ts-expect-error a wrong type
await kronicle.writer.upsertChannel({ name: "thermo-1", schema: thermometer, rows: [{ temperature: "20.5" }] });
// @ts-expect-error there is no such column
await kronicle.writer.upsertChannel({ name: "thermo-1", schema: thermometer, rows: [{ temperature: 20.5, humidity: 40 }] });

await kronicle.setup.createChannel({
  schema: thermometer,
  columnInfo: { time: { description: "UTC" }, note: {} },
  density: "dense",
});
// @ts-expect-error there is no such column
await kronicle.setup.createChannel({ schema: thermometer, columnInfo: { humidity: { unit: "%" } } });
// @ts-expect-error there is no such lane
await kronicle.setup.createKey({ lane: "owner" });

// Reading.
const all = await reader.rows({ from: new Date(), to: "2024-03-01T00:00:00+02:00", sort: "time", limit: 10 }).page();
expectType<{ time: string; temperature: number; note: string | null }[]>()(all.rows);
expectType<boolean>()(all.hasMore);
expectType<string | null>()(all.nextCursor);
expectType<Record<string, unknown>>()(all.channel.metadata);

const picked = await reader.rows({ columns: ["temperature"] }).page();
expectType<{ time: string; temperature: number }[]>()(picked.rows);
for await (const row of reader.rows({ columns: ["note", "time"] })) expectType<{ time: string; note: string | null }>()(row);
for await (const row of reader.rows()) expectType<Row<typeof thermometer>>()(row);

// @ts-expect-error the column was not picked
void picked.rows[0]?.note;
// @ts-expect-error there is no such column
reader.rows({ columns: ["humidity"] });
// @ts-expect-error bare numbers are no times
reader.rows({ from: 1_709_251_200 });
// @ts-expect-error there is no such parameter
reader.rows({ form: new Date() });

const columns = await reader.columns({ limit: 10_000 });
expectType<{ time: string[]; temperature: Float64Array; note: (string | null)[] }>()(columns.columns);
const pickedColumns = await kronicle.reader.channel(id, everything).columns({ columns: ["int64", "maybe"] });
expectType<{ time: string[]; int64: bigint[]; maybe: (bigint | null)[] }>()(pickedColumns.columns);
const mixed = defineChannel({ a: "double", b: "optional[float]", c: "int", d: "int64" });
expectType<{ time: string[]; a: Float64Array; b: (number | null)[]; c: number[]; d: bigint[] }>()(
  (await kronicle.reader.channel(id, mixed).columns()).columns,
);

// Times, in one of two forms.
const dated = defineChannel({ at: "optional[datetime]" }, { times: "date" });
expectTrue<Equal<Row<typeof dated>, { time: Date; at: Date | null }>>();
const datedReader = kronicle.reader.channel(id, dated);
const datedPage = await datedReader.rows({ columns: ["at"], skipReceived: false }).page();
expectType<{ time: Date; at: Date | null; received_at: Date }[]>()(datedPage.rows);
expectType<{ time: Date[]; at: (Date | null)[] }>()((await datedReader.columns()).columns);
expectType<Row<typeof thermometer> | null>()(await reader.latest());
expectType<{ time: string; note: string | null } | null>()(
  await reader.latest({ columns: ["note"], asOf: new Date(), where: { temperature: { min: 20 } } }),
);
// @ts-expect-error there is no such column
void reader.latest({ columns: ["humidity"] });
// @ts-expect-error it goes with the values of columns only
void reader.latest({ lookback: "P1D" });
expectType<{
  temperature: { time: string; value: number } | null;
  note: { time: string; value: string } | null;
}>()((await reader.latestValues({ lookback: "P1D" })).columns);
const latestDated = await datedReader.latestValues({ columns: ["at"] });
expectType<{ at: { time: Date; value: Date } | null }>()(latestDated.columns);
expectType<{ time: Date; at: Date | null } | null>()(latestDated.row);

// Many channels, whose columns are not known here.
const [entry] = (await kronicle.reader.latest({ tags: { room: "lab" }, columns: ["temperature"], maxAge: "PT1M" }).page()).items;
expectType<unknown>()(entry?.row?.["temperature"]);
expectType<boolean | undefined>()(entry?.stale);
expectType<string | undefined>()((await kronicle.reader.tags().page()).items[0]?.key);
expectType<string | number | boolean | undefined>()((await kronicle.reader.tagValues("room").page()).items[0]?.value);
// @ts-expect-error latest rows are not found by metadata
void kronicle.reader.latest({ metadata: { site: "roof" } });
expectType<string>()((await reader.rows().page()).rows[0]?.time ?? "");
// @ts-expect-error there is no such form
defineChannel({ at: "datetime" }, { times: "epoch" });

// Filters.
const station = kronicle.reader.channel(id, everything);
station.rows({
  where: {
    time: { min: new Date() },
    str: "x",
    int: { min: 1, max: 2 },
    int64: { in: [1n] },
    float: 20.5,
    bool: true,
    uuid: { in: [id] },
    datetime: { max: "2024-03-01T00:00:00+02:00" },
    dict: { path: { "author.name": "Ann", age: { in: [3, "4"] } } },
    list: { has: "x" },
    maybe: { isNull: true, max: 3n },
  },
});
// @ts-expect-error there is no such column
reader.rows({ where: { humidity: 40 } });
// @ts-expect-error text has no range
reader.rows({ where: { note: { min: "a" } } });
// @ts-expect-error a wrong type
reader.rows({ where: { temperature: { min: "20" } } });
// @ts-expect-error a wrong type
reader.rows({ where: { note: new Date() } });
// @ts-expect-error int64 takes no number
station.rows({ where: { int64: { min: 1 } } });
// @ts-expect-error a whole document is not compared
station.rows({ where: { dict: "{}" } });
// @ts-expect-error a list has no path
station.rows({ where: { list: { path: { a: 1 } } } });
// @ts-expect-error time always has a value
reader.rows({ where: { time: { isNull: true } } });
// @ts-expect-error a filter is never undefined
reader.rows({ where: { temperature: undefined } });
// @ts-expect-error nor is a condition
reader.rows({ where: { temperature: { min: undefined } } });
// @ts-expect-error there is no such condition
reader.rows({ where: { temperature: { least: 20 } } });

// Order.
reader.rows({ sort: "-temperature" });
reader.rows({ sort: ["note", "-received_at", "time"] });
// @ts-expect-error there is no such column
reader.rows({ sort: ["humidity"] });
// @ts-expect-error documents have no order
station.rows({ sort: "dict" });
// @ts-expect-error lists have no order
station.rows({ sort: ["-list"] });

// The time of arrival.
const received = await reader.rows({ columns: ["temperature"], skipReceived: false }).page();
expectType<{ time: string; temperature: number; received_at: string }[]>()(received.rows);
const receivedColumns = await reader.columns({ skipReceived: false });
expectType<{ time: string[]; temperature: Float64Array; note: (string | null)[]; received_at: string[] }>()(
  receivedColumns.columns,
);
// @ts-expect-error it was not asked for
void all.rows[0]?.received_at;

// Aggregates, typed by column and by function.
const [hour] = (await reader.aggregate({ bucket: "1h", tz: "Europe/Berlin", fn: { temperature: ["avg", "p95"] } }).page())
  .buckets;
expectType<{ temperature: { avg: number | null; p95: number | null } } | undefined>()(hour?.values);
expectType<string | undefined>()(hour?.time);
expectType<"open" | "start" | "end" | undefined>()(hour?.partial);
for await (const { values } of reader.aggregate({ from: new Date(), maxPoints: 800, origin: new Date(0) })) {
  expectType<{ temperature: { avg: number | null; min: number | null; max: number | null } }>()(values);
}
const questions = kronicle.reader.channel(id, everything);
const defaults = await questions.aggregate({ bucket: "1d", fill: 0, fillLimit: "PT3H", partial: "drop" }).page();
expectType<
  {
    int: { avg: number | null; min: number | null; max: number | null };
    int64: { avg: number | null; min: bigint | null; max: bigint | null };
    float: { avg: number | null; min: number | null; max: number | null };
    maybe: { avg: number | null; min: bigint | null; max: bigint | null };
  }[]
>()(defaults.buckets.map(({ values }) => values));
expectType<string | null>()(defaults.bucket);
expectType<string>()(defaults.tz);
expectType<string | null>()(defaults.from);
const asked = questions.aggregate({
  fn: {
    str: ["mode", "distinct"],
    int: ["count", "stddev", "last"],
    maybe: ["sum", "increase", "time_weighted_avg", "median", "p99.9"],
    bool: ["share", "first"],
    uuid: ["mode"],
    datetime: ["max"],
    dict: ["last"],
    list: ["first"],
  },
});
for await (const { values } of asked) {
  expectType<{
    str: { mode: string | null; distinct: number };
    int: { count: number; stddev: number | null; last: number | null };
    maybe: {
      sum: bigint | null;
      increase: bigint | null;
      time_weighted_avg: number | null;
      median: number | null;
      "p99.9": number | null;
    };
    bool: { share: number | null; first: boolean | null };
    uuid: { mode: string | null };
    datetime: { max: string | null };
    dict: { last: Record<string, unknown> | null };
    list: { first: unknown[] | null };
  }>()(values);
}
const turned = await questions.aggregate({ bucket: "1h", fn: { int64: ["max", "count"], float: ["avg"] } }).columns();
expectType<{ int64: { max: (bigint | null)[]; count: number[] }; float: { avg: (number | null)[] } }>()(turned.values);
expectType<string[]>()(turned.time);
expectType<"open" | "start" | "end" | undefined>()(turned.partial[0]);
const datedBuckets = await datedReader.aggregate({ fn: { at: ["min"] } }).page();
expectType<{ time: Date; at: { min: Date | null } } | undefined>()(
  datedBuckets.buckets.map(({ time, values }) => ({ time, ...values }))[0],
);
expectType<Date | null>()(datedBuckets.to);
for await (const { values } of reader.aggregate({ fn: { note: ["last"] } }).ndjson()) {
  expectType<{ note: { last: string | null } }>()(values);
}
expectType<ReadableStream<Uint8Array>>()(await reader.aggregate().csv());
// @ts-expect-error a text has no mean
reader.aggregate({ fn: { note: ["avg"] } });
// @ts-expect-error a text has no percentile
reader.aggregate({ fn: { note: ["p95"] } });
// @ts-expect-error a time has no sum
questions.aggregate({ fn: { datetime: ["sum"] } });
// @ts-expect-error a number has no mode
reader.aggregate({ fn: { temperature: ["mode"] } });
// @ts-expect-error there is no such percentile
reader.aggregate({ fn: { temperature: ["percentile95"] } });
// @ts-expect-error there is no such column
reader.aggregate({ fn: { temperature: ["avg"], humidity: ["avg"] } });
// @ts-expect-error time is no column to aggregate
kronicle.reader.channel(id, declaresTime).aggregate({ fn: { time: ["max"] } });
// @ts-expect-error the function was not asked for
void hour?.values.temperature.max;
// @ts-expect-error the column was not asked for
void hour?.values.note;
// @ts-expect-error there is no such parameter
reader.aggregate({ bukket: "1h" });
// @ts-expect-error there is no such fill
reader.aggregate({ fill: "zero" });
// @ts-expect-error text has no range
reader.aggregate({ where: { note: { min: "a" } } });
// @ts-expect-error aggregates are on the lane of readers
void writer.aggregate;

// A query has the parameters of the contract, no fewer and no others. Filters go in brackets; as text they are for those without this client.
type OnTheWire<Field> = Field extends "where"
  ? "col" | "min" | "max" | "any" | "has" | "null"
  : Field extends keyof SnakeCase
    ? SnakeCase[Field]
    : Field;
type WireParameters<Id extends keyof operations> = Exclude<keyof NonNullable<operations[Id]["parameters"]["query"]>, "where">;
type SnakeCase = { skipReceived: "skip_received"; maxPoints: "max_points"; fillLimit: "fill_limit" };
expectTrue<Equal<OnTheWire<keyof RowQuery>, WireParameters<"readRows">>>();
expectTrue<Equal<OnTheWire<keyof RowQuery>, WireParameters<"readColumns">>>();
expectTrue<Equal<OnTheWire<keyof AggregateQuery>, WireParameters<"aggregateRows">>>();
expectTrue<Equal<OnTheWire<keyof AggregateQuery>, WireParameters<"aggregateColumns">>>();
expectTrue<
  Equal<
    keyof NonNullable<Parameters<typeof kronicle.reader.listChannels>[0]>,
    keyof NonNullable<operations["listChannels"]["parameters"]["query"]>
  >
>();
kronicle.reader.listChannels({
  tags: { floor: 3, teams: ["climate"], calibrated: { exists: true } },
  metadata: { site: "roof" },
});
// @ts-expect-error a filter is never undefined
kronicle.reader.listChannels({ tags: { floor: undefined } });

// Ways to write.
const plain = await writer.append([{ temperature: 20.5 }], { idempotencyKey: "a", strict: false });
expectType<boolean>()(plain.replayed);
// @ts-expect-error the rows were not asked for
void plain.rows;
const echoed = await writer.append([{ temperature: 20.5 }], { returnRows: true });
expectType<Row<typeof thermometer>[]>()(echoed.rows);
const upserted = await kronicle.writer.upsertChannel({ name: "thermo-1", schema: thermometer }, { returnRows: true });
expectType<Row<typeof thermometer>[]>()(upserted.rows);
// @ts-expect-error there is no such option
await writer.append([{ temperature: 20.5 }], { retries: 3 });

// Exports.
for await (const row of writer.ndjson({ columns: ["note"], skipReceived: false, where: { note: { isNull: false } } })) {
  expectType<{ time: string; note: string | null; received_at: string }>()(row);
}
expectType<ReadableStream<Uint8Array>>()(await reader.csv({ sort: "time" }));
// @ts-expect-error an export has no pages
reader.ndjson({ cursor: "WzFd" });

// Every lane reads, and only the right ones write.
const admin = kronicle.setup.channel(id, thermometer);
expectType<Row<typeof thermometer>[]>()((await admin.rows().page()).rows);
await admin.append([{ temperature: 20.5 }]);
// @ts-expect-error a reader does not write
void reader.append;
// @ts-expect-error a writer does not delete
void writer.deleteRows;
// @ts-expect-error a writer defines no channels
void kronicle.writer.createChannel;

// Changing and deleting.
const { etag } = await kronicle.setup.getChannel(id);
expectType<string | null>()(etag);
await kronicle.setup.patchChannel(
  id,
  { name: null, tags: { floor: null }, columnInfo: { note: { unit: null } } },
  { ifMatch: etag },
);
await kronicle.setup.replaceChannel(id, { tags: { room: "attic" } });
await kronicle.setup.cloneChannel(id, { copyMetadata: false });
// @ts-expect-error a tag is a scalar or a list of them
await kronicle.setup.patchChannel(id, { tags: { floor: { number: 3 } } });
// @ts-expect-error there is no such column
await kronicle.setup.replaceChannel(id, { schema: thermometer, columnInfo: { humidity: { unit: "%" } } });

await admin.deleteRows({ all: true, dryRun: true });
await admin.deleteRows({ where: { temperature: { min: 900 } }, to: new Date() });
// @ts-expect-error which rows?
await admin.deleteRows({});
// @ts-expect-error which rows?
await admin.deleteRows({ dryRun: true });
// @ts-expect-error a bound is never undefined
await admin.deleteRows({ from: undefined });
// @ts-expect-error all of them, or some?
await admin.deleteRows({ all: true, from: new Date() });
// @ts-expect-error text has no range
await admin.deleteRows({ where: { note: { min: "a" } } });

// The writer that gathers.
const batches = writer.writer({
  onRejected: (rejected) => expectType<NewRow<typeof thermometer> | undefined>()(rejected[0]?.row),
});
await batches.write({ temperature: 20.5 });
// @ts-expect-error a required column is missing
await batches.write({ note: "no temperature" });
// @ts-expect-error somebody has to take what cannot be stored
writer.writer({ maxRows: 10 });
// @ts-expect-error a reader does not write
void reader.writer;

// The raw client.
const raw = createRawClient({ baseUrl: "http://127.0.0.1:8000", token: "key" });
const listed = await raw.GET("/api/v1/channels", { params: { query: { limit: 10 } } });
expectType<string | null | undefined>()(listed.data?.[0]?.name);
// @ts-expect-error there is no such path
await raw.GET("/api/v1/sensors");
// @ts-expect-error the path has an id
await raw.GET("/api/v1/channels/{channel_id}");

// One lane alone.
const options = { baseUrl: "http://127.0.0.1:8000", token: async () => "key", retries: 0, timeoutMs: 1_000 };
expectType<typeof kronicle.reader>()(createReader(options));
expectType<typeof kronicle.writer>()(createWriter(options));
expectType<typeof kronicle.setup>()(createSetup(options));

// Errors: codes of the contract are suggested, others are taken.
function describe(error: unknown): string {
  if (isApiError(error, "channel_exists") || isApiError(error, "a_code_of_tomorrow")) {
    expectType<ApiError>()(error);
    return error.errors.map(({ pointer, parameter, code, detail }) => `${pointer ?? parameter ?? ""} ${code} ${detail}`).join();
  }
  return String(error);
}
describe(undefined);
function isForLater(error: unknown): boolean {
  if (isTransient(error)) expectType<ApiError | NetworkError | TimeoutError>()(error);
  return error instanceof RateLimitError && error.retryAfterMs !== null && error.code === "not_ready";
}
isForLater(undefined);
