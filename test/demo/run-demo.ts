/** In charge of loading the data sets through the SDK, one key for each lane, and of checking what comes back. */
import { randomUUID } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import { type ChannelDefinition, createKronicle, type Row } from "@kronicle/client";
import { DATA_SETS, type DataSet } from "./data-sets.ts";
import { readCsv } from "./read-csv.ts";

const BATCH_ROWS = 1_000;

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
  };
  return { ...result, differences: [...compareFigures(result, sent), ...compareRows(sent, stored)] };
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

/** Floating-point sums depend on their order: both sides add in order of time. */
function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
