/** In charge of loading the data sets through the SDK, one key for each lane, and of checking what comes back. */
import { randomUUID } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import { type ChannelDefinition, createKronicle, type Row } from "@kronicle/client";
import { z } from "zod";
import { DATA_SETS, type DataSet } from "./data-sets.ts";
import { readCsv } from "./read-csv.ts";

const BATCH_ROWS = 1_000;

const aggregates = z.object({ avg: z.number(), min: z.number(), max: z.number() });

export type DemoOptions = {
  readonly baseUrl: string;
  readonly keys: { readonly reader: string; readonly writer: string; readonly admin: string };
  /** Called after each batch that was acknowledged. */
  readonly onProgress?: (progress: { title: string; sentRows: number; totalRows: number }) => void;
};

export type DemoResult = {
  readonly title: string;
  readonly channelId: string;
  readonly sentRows: number;
  /** Rows that the channel says it has. */
  readonly storedRows: number;
  readonly firstTime: string | null;
  readonly lastTime: string | null;
  /** The column whose mean is compared. */
  readonly column: string;
  readonly meanFromApi: number;
  readonly meanFromFile: number;
  /** How many months the rows lie in, and of how many the aggregates of the API are those of the file. */
  readonly months: number;
  readonly equalMonths: number;
  /** One sentence for each thing that is not as it was sent; empty when all is well. */
  readonly differences: readonly string[];
};

export async function runDemo(options: DemoOptions): Promise<DemoResult[]> {
  const results: DemoResult[] = [];
  for (const set of DATA_SETS) results.push(await loadAndCheck(set, options));
  return results;
}

async function loadAndCheck(set: DataSet, { baseUrl, keys, onProgress }: DemoOptions): Promise<DemoResult> {
  const { title, definition, checked } = set;
  const lines = await readCsv(set.file);
  const sent = lines.map(set.toRow);

  const { setup } = createKronicle({ baseUrl, token: keys.admin });
  const { channel_id: channelId } = await setup.createChannel({
    // The same database may have seen the demo before.
    name: `${title} (demo ${randomUUID()})`,
    schema: definition,
    columnInfo: set.columnInfo,
    metadata: { source: `vega-datasets/data/${set.file}` },
    tags: { demo: true },
    density: set.density,
  });

  const writer = createKronicle({ baseUrl, token: keys.writer }).writer.channel(channelId, definition);
  for (let start = 0; start < sent.length; start += BATCH_ROWS) {
    const batch = sent.slice(start, start + BATCH_ROWS);
    await writer.append(batch);
    onProgress?.({ title, sentRows: start + batch.length, totalRows: sent.length });
  }

  const reader = createKronicle({ baseUrl, token: keys.reader }).reader.channel(channelId, definition);
  const channel = await reader.get();
  const stored: Row<ChannelDefinition>[] = [];
  for await (const row of reader.rows({ sort: "time" })) stored.push(row);

  const fromFile = monthsOf(lines.map((line, index) => ({ time: sent[index]?.time ?? "", value: Number(line[checked.field]) })));
  const fromApi = new Map<string, Month>();
  for await (const { time, count, values } of reader.aggregate({ bucket: "1mo" })) {
    const { avg, min, max } = aggregates.parse(new Map(Object.entries<unknown>(values)).get(checked.column));
    fromApi.set(time.slice(0, MONTH_LENGTH), { count, mean: avg, min, max });
  }
  const months = [...fromFile].map(([month, figures]) => ({ month, figures, found: fromApi.get(month) }));
  const unequal = months.filter(({ figures, found }) => !found || !isSame(figures, found));

  const result = {
    title,
    channelId,
    sentRows: sent.length,
    storedRows: channel.available_rows,
    firstTime: channel.first_time,
    lastTime: channel.last_time,
    column: checked.column,
    meanFromApi: mean(stored.map((row) => Number(row[checked.column]))),
    meanFromFile: mean(lines.map((line) => Number(line[checked.field]))),
    months: fromFile.size,
    equalMonths: fromFile.size - unequal.length,
  };
  const others = [...fromApi.keys()].filter((month) => !fromFile.has(month)).map((month) => `${month} has no rows in the file`);
  const differences = unequal.map(
    ({ month, figures, found }) => `${month} is ${JSON.stringify(found)}, and should be ${JSON.stringify(figures)}`,
  );
  return { ...result, differences: [...compareFigures(result, sent), ...compareRows(sent, stored), ...differences, ...others] };
}

function* compareFigures(
  result: Omit<DemoResult, "differences">,
  sent: readonly { readonly time: string }[],
): Generator<string, void> {
  const expected = {
    storedRows: result.sentRows,
    firstTime: sent.at(0)?.time,
    lastTime: sent.at(-1)?.time,
    meanFromApi: result.meanFromFile,
  };
  for (const name of ["storedRows", "firstTime", "lastTime", "meanFromApi"] as const) {
    if (!Object.is(result[name], expected[name])) yield `${name} is ${result[name]}, and should be ${expected[name]}`;
  }
}

function* compareRows(sent: readonly object[], stored: readonly object[]): Generator<string, void> {
  if (stored.length !== sent.length) yield `${stored.length} rows came back of ${sent.length}`;
  const index = sent.findIndex((row, place) => !isDeepStrictEqual({ ...row }, stored[place]));
  if (index !== -1) {
    yield `row ${index + 1} came back as ${JSON.stringify(stored[index])}, and was sent as ${JSON.stringify(sent[index])}`;
  }
}

type Month = { readonly count: number; readonly mean: number; readonly min: number; readonly max: number };

const MONTH_LENGTH = "YYYY-MM".length;

/** What an aggregate of a month should be, worked out from the lines of the file. */
function monthsOf(values: readonly { readonly time: string; readonly value: number }[]): Map<string, Month> {
  const byMonth = Map.groupBy(values, ({ time }) => time.slice(0, MONTH_LENGTH));
  return new Map(
    [...byMonth].map(([month, rows]) => {
      const numbers = rows.map(({ value }) => value);
      return [month, { count: numbers.length, mean: mean(numbers), min: Math.min(...numbers), max: Math.max(...numbers) }];
    }),
  );
}

/** Means may differ by the order of their sums. */
function isSame(one: Month, other: Month): boolean {
  const isNear = Math.abs(one.mean - other.mean) <= 1e-12 * Math.abs(one.mean);
  return one.count === other.count && one.min === other.min && one.max === other.max && isNear;
}

/** Floating-point sums depend on their order: both sides add in order of time. */
function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
