/** In charge of where the table begins in a file, and what separates its cells: told from its first lines. */
import { UsageError } from "../usage-error.ts";
import { asNumber } from "./number-text.ts";
import { type CsvRecord, type Dialect, readSample } from "./read-records.ts";
import { isTimeOfDay } from "./time-text.ts";

export type Table = Dialect & {
  /** One for each cell of a line; unlike each other, and none is empty. */
  readonly names: readonly string[];
  /** What a line below the names says of them, where there is one. */
  readonly units: readonly string[];
  /** How many records come before the first row, */
  readonly headRecords: number;
  /** and how many of them before the names. */
  readonly preamble: number;
  /** The first rows. */
  readonly sample: readonly CsvRecord[];
};

type Given = {
  readonly delimiter?: string | undefined;
  readonly skip?: number | undefined;
  readonly names?: readonly string[] | undefined;
  readonly isTime: (text: string) => boolean;
};

const DELIMITERS = [";", "\t", ",", "|"] as const;
const SAMPLE_RECORDS = 200;
/** How columns of times are called; not how their unit is. */
const TIME_NAME = /^(?:[^[(]*(?:time|date|zeit|datum|fecha|heure|hora)|(?:day|tag|epoch|from|to|von|bis|ts|created|updated)\b)/i;
/** How the time of a row is called where there are others. */
const ROW_TIME_NAME = /^(?:time|time ?stamp|date[ _]?time|zeitstempel|zeitpunkt|zeit|datum)\b/i;
const NO_TIMES =
  "no column holds times that can be read, as far as the first lines tell. " +
  "Say where the names of the columns are (--skip LINES), what separates cells (--delimiter), or how times are written (--time-format).";
const OPEN_QUOTE = `a quote (") is opened and never closed. Close it, or take it away.`;
/** Spreadsheets take it for the delimiter, and show no such line. */
const SEPARATOR_LINE = /^sep=(.)\r?\n/;

/** @throws UsageError when there is no table, or what separates its cells is not certain. */
export function detectTable(file: string, text: string, given: Given): Table {
  if (text.trim() === "") throw new UsageError(`${file} is empty.`);
  const said = given.delimiter ?? SEPARATOR_LINE.exec(text)?.[1];
  const skip = given.skip ?? (SEPARATOR_LINE.test(text) ? 1 : 0);
  const delimiters = said === undefined ? DELIMITERS : [said];
  const found = delimiters.map((delimiter) => readTable(text, { delimiter, skip }, given));
  const tables = found.filter((each) => typeof each === "object");
  const widest = Math.max(...tables.map(({ names }) => names.length));
  const [table, other] = tables.filter(({ names }) => names.length === widest);
  if (!table)
    throw new UsageError(`${file}: ${found.find((fault) => fault !== NO_TIMES) ?? (isQuoteOpen(text) ? OPEN_QUOTE : NO_TIMES)}`);
  if (other) {
    throw new UsageError(`${file} may be separated by "${table.delimiter}" or "${other.delimiter}": say which with --delimiter.`);
  }
  return table;
}

function isQuoteOpen(text: string): boolean {
  return text.split('"').length % 2 === 0;
}

/** Or the reason why there is none. */
function readTable(text: string, dialect: Dialect, given: Given): Table | string {
  const records = readSample(text, dialect, SAMPLE_RECORDS);
  const first = findFirstRow(records, given.isTime);
  if (!first) return NO_TIMES;
  const rows = (from: number) => records.slice(from);
  // The first line with a value is a row, though its time may be bad, or cells of it missing.
  const hasValue = ({ cells }: CsvRecord) => cells.some((cell) => isValue(cell, given.isTime));
  if (given.names) {
    // Without a line of names nothing but its cells tells a row from a line about the device.
    const headRecords = records.findIndex((record) => record.cells.length === first.width && hasValue(record));
    return { ...dialect, ...headOf(given.names, rows(headRecords)), units: [], headRecords, preamble: headRecords };
  }
  const candidates = findNames(records, first, given);
  const [top, another] = candidates;
  if (top === undefined) {
    const { line } = records[first.place] ?? {};
    return `line ${line} has values in ${first.width} cells, and no line above it names so many columns. Add --names NAME,NAME,…, or say what separates cells with --delimiter.`;
  }
  if (another !== undefined) {
    const lines = candidates.map((place) => records[place]?.line).join(" and ");
    return `lines ${lines} may name the columns. Say how many lines are above the names with --skip.`;
  }
  const headRecords = top + 1 + rows(top + 1).findIndex(hasValue);
  const units = headRecords > top + 1 ? (records[top + 1]?.cells ?? []) : [];
  return { ...dialect, ...headOf(records[top]?.cells ?? [], rows(headRecords)), units, headRecords, preamble: top };
}

type FirstRow = { readonly place: number; readonly column: number; readonly width: number };

/** That with a time, and with as many cells as most: where the next has a time too, unless there are no two such rows. */
function findFirstRow(records: readonly CsvRecord[], isTime: Given["isTime"]): FirstRow | null {
  const width = usualWidth(records);
  if (width < 2) return null;
  const rows = [...records.entries()].flatMap(([place, { cells }]) => {
    const times = [...cells.keys()].filter((column) => cells.length === width && isTime(cells[column] ?? ""));
    const goesOn = times.find((column) => isTime(records[place + 1]?.cells[column] ?? ""));
    const column = goesOn ?? times[0];
    return column === undefined ? [] : [{ place, column, width, goesOn: goesOn !== undefined }];
  });
  return rows.find(({ goesOn }) => goesOn) ?? rows[0] ?? null;
}

function usualWidth(records: readonly CsvRecord[]): number {
  const times = new Map<number, number>();
  for (const { cells } of records) times.set(cells.length, (times.get(cells.length) ?? 0) + 1);
  const [usual] = [...times].sort(([width, one], [otherWidth, other]) => other - one || otherWidth - width);
  return usual?.[0] ?? 0;
}

/** Places of the lines above the rows that may name their columns. Where there are several, one that calls a time by its name does. */
function findNames(records: readonly CsvRecord[], { place, column, width }: FirstRow, { skip, isTime }: Given): number[] {
  if (skip !== undefined) return place > 0 ? [0] : [];
  const fits = ({ cells }: CsvRecord) =>
    cells.length === width ||
    // A delimiter behind the last cell, in all rows and not in the names, or the other way round.
    (cells.length === width - 1 && records.slice(place).every((row) => !row.cells[width - 1])) ||
    (cells.length === width + 1 && cells[width] === "");
  const candidates = [...records.slice(0, place).keys()].filter((index) => {
    const record = records[index];
    return record && fits(record) && !record.cells.some((cell) => isValue(cell, isTime));
  });
  const named = candidates.find((index) => TIME_NAME.test(records[index]?.cells[column] ?? ""));
  return named === undefined ? candidates : [named];
}

function isValue(cell: string, isTime: Given["isTime"]): boolean {
  return asNumber(cell, ".") !== null || asNumber(cell, ",") !== null || isTime(cell);
}

/** A delimiter behind the last name names nothing. */
function headOf(cells: readonly string[], sample: readonly CsvRecord[]): Pick<Table, "names" | "sample"> {
  const width = Math.max(...sample.map((row) => row.cells.length));
  const names = cells.at(-1) === "" && cells.length > width ? cells.slice(0, -1) : cells;
  return { names: distinct(names), sample };
}

/** Those that come again, and those that have no name, get a number. */
function distinct(cells: readonly string[]): string[] {
  const seen = new Set<string>();
  return cells.map((cell, index) => {
    const name = cell || `column ${index + 1}`;
    let unlike = name;
    for (let number = 2; seen.has(unlike.toLowerCase()); number++) unlike = `${name} ${number}`;
    seen.add(unlike.toLowerCase());
    return unlike;
  });
}

/**
 * Which columns hold the time of a row: one, or one with the day and one with the time of day.
 *
 * @throws UsageError when several may, or none does.
 */
export function findTimeColumns(file: string, { names, sample }: Table, isTime: Given["isTime"]): number[] {
  const cellsOf = (column: number) => sample.map(({ cells }) => cells[column] ?? "").filter((cell) => cell !== "");
  // Some lines may be bad.
  const most = (column: number, test: (text: string) => boolean) => {
    const good = cellsOf(column).filter(test).length;
    return good > 0 && good * 2 >= cellsOf(column).length;
  };
  const columns = [...names.keys()];
  const times = columns.filter((column) => most(column, isTime));
  // A number may be one by chance, and is one when nothing else is.
  const written = times.filter((column) => !most(column, (text) => asNumber(text, ".") !== null));
  const candidates = written.length > 0 ? written : times;
  const exact = candidates.filter((column) => most(column, (text) => text.includes(":")));
  const dated = exact.length > 0 ? exact : candidates;
  const [only, other] = dated;
  if (only === undefined) throw new UsageError(`${file} has no column of times. Say which it is: --time COLUMN.`);
  const named = dated.filter((column) => ROW_TIME_NAME.test(names[column] ?? ""));
  if (other !== undefined && named.length !== 1) {
    const list = dated.map((column) => `"${names[column]}"`).join(" and ");
    throw new UsageError(`${file} has times in the columns ${list}. Say which is that of the row: --time COLUMN.`);
  }
  const day = other === undefined ? only : (named[0] ?? only);
  if (exact.includes(day)) return [day];
  const [clock, otherClock] = columns.filter((column) => most(column, isTimeOfDay));
  if (otherClock !== undefined) {
    throw new UsageError(
      `${file} has several columns with a time of day. Say which belongs to the day: --time "${names[day]}" --time COLUMN.`,
    );
  }
  return clock === undefined ? [day] : [day, clock];
}
