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
  /** How many records come before the first row. */
  readonly headRecords: number;
  /** Records before the names. */
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
const TIME_NAME = /^(?:[^[(]*(?:time|date|zeit|datum|fecha|heure|hora)|(?:day|tag|epoch|from|to|von|bis)\b)/i;
/** How the time of a row is called where there are others. */
const ROW_TIME_NAME = /^(?:time|time ?stamp|date[ _]?time|zeitstempel|zeitpunkt|zeit|datum)\b/i;
/** Spreadsheets take it for the delimiter, and show no such line. */
const SEPARATOR_LINE = /^sep=(.)\r?\n/;

/** @throws UsageError when there is no table, or what separates its cells is not certain. */
export function detectTable(file: string, text: string, given: Given): Table {
  const said = given.delimiter ?? SEPARATOR_LINE.exec(text)?.[1];
  const skip = given.skip ?? (SEPARATOR_LINE.test(text) ? 1 : 0);
  const delimiters = said === undefined ? DELIMITERS : [said];
  const tables = delimiters.map((delimiter) => readTable(text, { delimiter, skip }, given)).filter((table) => table !== null);
  const widest = Math.max(...tables.map(({ names }) => names.length));
  const [table, other] = tables.filter(({ names }) => names.length === widest);
  if (!table) {
    throw new UsageError(
      `${file} has no column whose times can be read, as far as its first lines tell. ` +
        "Say where the names of its columns are (--skip LINES), what separates cells (--delimiter), or how its times are written (--time-format).",
    );
  }
  if (other) {
    throw new UsageError(`${file} may be separated by "${table.delimiter}" or "${other.delimiter}": say which with --delimiter.`);
  }
  return table;
}

function readTable(text: string, dialect: Dialect, given: Given): Table | null {
  const records = readSample(text, dialect, SAMPLE_RECORDS);
  const first = findFirstRow(records, given.isTime);
  if (!first) return null;
  const { place, width } = first;
  if (given.names) return toTable(dialect, given.names, [], records, { preamble: place, first: place });
  const top = findNames(records, first, given);
  const [head, below] = records.slice(top, place);
  if (!head) {
    throw new UsageError(
      `Line ${records[place]?.line} holds values, and no line above it names them. Add --names NAME,NAME,… for its ${width} columns.`,
    );
  }
  return toTable(dialect, head.cells, below?.cells ?? [], records, { preamble: top, first: place });
}

type FirstRow = { readonly place: number; readonly column: number; readonly width: number };

/** That with a time where the next has one too. */
function findFirstRow(records: readonly CsvRecord[], isTime: Given["isTime"]): FirstRow | null {
  for (const [place, { cells }] of records.entries()) {
    const next = records[place + 1]?.cells;
    const column = cells.findIndex((cell, index) => isTime(cell) && (next === undefined || isTime(next[index] ?? "")));
    if (column >= 0 && cells.length > 1) return { place, column, width: cells.length };
  }
  return null;
}

/**
 * The line above the rows that names their columns; units may be between. Where several may, it is the one that calls a time by its name.
 *
 * @throws UsageError when none does.
 */
function findNames(records: readonly CsvRecord[], { place, column, width }: FirstRow, { skip }: Given): number {
  if (skip !== undefined) return 0;
  let top = place;
  while (top > 0 && records[top - 1]?.cells.length === width) top--;
  if (place - top < 2) return top;
  for (let line = place - 1; line >= top; line--) {
    if (TIME_NAME.test(records[line]?.cells[column] ?? "")) return line;
  }
  throw new UsageError(
    `Lines ${records[top]?.line} to ${records[place - 1]?.line} may all name the columns: say how many lines are above the names with --skip.`,
  );
}

function toTable(
  dialect: Dialect,
  cells: readonly string[],
  units: readonly string[],
  records: readonly CsvRecord[],
  { preamble, first }: { readonly preamble: number; readonly first: number },
): Table {
  return { ...dialect, names: distinct(cells), units, headRecords: first, preamble, sample: records.slice(first) };
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
  const most = (column: number, test: (text: string) => boolean) =>
    cellsOf(column).filter(test).length * 2 > cellsOf(column).length;
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
