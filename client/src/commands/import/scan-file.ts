/** In charge of the first reading of a file: nothing is sent before all of it has been looked at. */
import type { ImportOptions } from "./import-options.ts";
import { ColumnScan } from "./column-scan.ts";
import { detectTable, findTimeColumns, type Table } from "./detect-table.ts";
import { type CsvRecord, readRecords } from "./read-records.ts";
import { encodingOf, readBeginning } from "./read-text.ts";
import { TimeScan } from "./time-column.ts";
import { readTime, readTimeAs } from "./time-text.ts";
import { UsageError } from "../usage-error.ts";

/** Where lines that were refused say why, so that the file of them can be mended and imported as it is. */
export const REASON_COLUMN = "rejected because";

export type ScannedFile = {
  readonly encoding: string;
  readonly table: Table;
  /** Places of the columns whose texts, joined, are the time of a row. */
  readonly timeColumns: readonly number[];
  readonly times: TimeScan;
  /** By place, those that are stored. */
  readonly columns: ReadonlyMap<number, ColumnScan>;
  readonly rows: number;
};

/** @throws UsageError when it is not certain how the file is to be read. */
export async function scanFile(options: ImportOptions): Promise<ScannedFile> {
  const { file, timeForm } = options;
  const encoding = await encodingOf(file, options.encoding);
  const isTime = (text: string) => (timeForm === undefined ? readTime(text).length > 0 : readTimeAs(text, timeForm) !== null);
  const table = detectTable(file, await readBeginning(file, encoding), { ...options, isTime });
  const placeOf = (name: string) => findColumn(file, table, name);
  const timeColumns = options.time.length > 0 ? options.time.map(placeOf) : findTimeColumns(file, table, isTime);
  const omitted = new Set([...options.omit.map(placeOf), ...timeColumns]);
  for (const name of options.types.keys()) placeOf(name);

  const stored = [...table.names.keys()].filter((place) => !omitted.has(place) && table.names[place] !== REASON_COLUMN);
  const columns = new Map(stored.map((place) => [place, new ColumnScan()]));
  const times = new TimeScan(timeForm);
  let rows = 0;
  for await (const { line, cells } of readRows({ file, encoding, table })) {
    // What has no time will be refused, and tells nothing about the values of the others.
    if (widthFault(table, cells) !== null || !times.see(timeText(timeColumns, cells), line)) continue;
    rows++;
    for (const [place, column] of columns) column.see(valueText(options, cells[place]), line);
  }
  if (rows === 0) throw new UsageError(`${file} has no line with a time.`);
  return { encoding, table, timeColumns, times, columns, rows };
}

/** The records below the names of the columns. */
export async function* readRows(source: {
  readonly file: string;
  readonly encoding: string;
  readonly table: Table;
}): AsyncGenerator<CsvRecord, void, undefined> {
  const { headRecords, names } = source.table;
  let before = headRecords;
  for await (const record of readRecords(source.file, source.encoding, source.table)) {
    // Loggers write the names anew when they are started again.
    if (before-- <= 0 && !names.every((name, place) => record.cells[place] === name)) yield record;
  }
}

export function timeText(timeColumns: readonly number[], cells: readonly string[]): string {
  return timeColumns
    .map((place) => (cells[place] ?? "").trim())
    .join(" ")
    .trim();
}

/** Empty where there is no value. */
export function valueText({ missing }: Pick<ImportOptions, "missing">, cell = ""): string {
  const text = cell.trim();
  return missing.has(text) ? "" : text;
}

/** Empty cells behind the last column are none. */
export function widthFault({ names }: Table, cells: readonly string[]): string | null {
  if (cells.length < names.length) return `there are ${cells.length} of ${names.length} cells`;
  const beyond = cells.slice(names.length).filter((cell) => cell !== "");
  if (beyond.length === 0) return null;
  return `there are ${names.length} columns, and beyond them "${beyond.join('", "')}"`;
}

function findColumn(file: string, { names }: Table, name: string): number {
  const exact = names.indexOf(name);
  const place = exact >= 0 ? exact : names.findIndex((known) => known.toLowerCase() === name.toLowerCase());
  if (place >= 0) return place;
  throw new UsageError(`${file} has no column "${name}". It has ${names.map((known) => `"${known}"`).join(", ")}.`);
}
