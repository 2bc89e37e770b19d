/** In charge of rows that come as CSV (RFC 4180). */
import { CsvError, type Options, parse as createParser } from "csv-parse";
import { parse } from "csv-parse/sync";
import type { Column } from "../../../columns/channel-schema.ts";
import { TYPE_RULES } from "../../../columns/column-type.ts";
import { didYouMean } from "../../../formats/did-you-mean.ts";
import { readVerbatim } from "../../../columns/text-value.ts";
import { tooManyCells, tooManyRows } from "../../../problems/common.ts";
import type { RowLimits, TextRows } from "./ndjson.ts";

type Line = readonly (string | null)[];

/** A header line with names of columns, then one line a row. An empty field is no value, a quoted empty one an empty text. */
export function readCsv(text: string, columns: readonly Column[], limits: RowLimits): TextRows {
  const { options, add, end } = createReader(columns, limits);
  try {
    const lines: Line[] = parse(text, options);
    for (const line of lines) add(line);
  } catch (error) {
    return end(error);
  }
  return end(null);
}

/** How much of a large text is read before others may do something. */
const STEP_CHARACTERS = 65_536;

/**
 * The same for a large text. It ends with the first thing that is wrong, or too much.
 *
 * @param turn lets others do something.
 */
export async function readCsvInSteps(
  text: string,
  columns: readonly Column[],
  limits: RowLimits,
  turn: () => Promise<unknown>,
): Promise<TextRows> {
  const { options, add, end } = createReader(columns, limits);
  const parser = createParser(options);
  const read: { failure: unknown } = { failure: null };
  parser.on("error", (error) => {
    read.failure = error;
  });
  const take = () => {
    for (let line: Line | null = parser.read(); line !== null; line = parser.read()) add(line);
  };
  try {
    for (let start = 0; start < text.length && read.failure === null; start += STEP_CHARACTERS) {
      parser.write(text.slice(start, start + STEP_CHARACTERS));
      take();
      await turn();
    }
    if (read.failure === null) parser.end();
    take();
    await turn();
    take();
  } catch (error) {
    read.failure = error;
  } finally {
    parser.destroy();
  }
  return end(read.failure);
}

type Field = { readonly name: string; readonly fromText: (text: string) => unknown };

/** Turns lines into rows one by one, and counts them before they are made. */
function createReader(columns: readonly Column[], { maxRows, maxCells }: RowLimits) {
  const rows: unknown[] = [];
  let fields: readonly Field[] | null = null;
  let cells = 0;

  const options: Options = {
    cast: (value, { quoting }) => {
      // Also of a line that has not ended: it may have millions.
      if (++cells > maxCells) throw tooManyCells(maxCells);
      return value === "" && !quoting ? null : value;
    },
    skipEmptyLines: true,
  };
  const add = (line: Line) => {
    if (fields === null) {
      fields = readHeader(line, columns);
      return;
    }
    if (rows.length >= maxRows) throw tooManyRows(maxRows);
    const row: Record<string, unknown> = {};
    for (let index = 0; index < fields.length; index++) {
      const field = line[index] ?? null;
      const column = fields[index];
      // No column is called __proto__.
      if (field !== null && column) row[column.name] = column.fromText(field);
    }
    rows.push(row);
  };
  /** What came of it, or what kept it from an end. */
  const end = (error: unknown): TextRows => {
    if (error === null) return { rows };
    if (error instanceof HeaderError) return { fault: { code: error.code, detail: error.message } };
    if (error instanceof CsvError) return { fault: { code: "not_csv", detail: error.message } };
    throw error;
  };
  return { options, add, end };
}

/** The header line does not fit the channel. */
class HeaderError extends Error {
  override name = "HeaderError";
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

function readHeader(header: Line, columns: readonly Column[]): readonly Field[] {
  const known = new Map<string, (text: string) => unknown>([
    ["time", readVerbatim],
    ...columns.map(({ name, type }) => [name, TYPE_RULES[type].fromText] as const),
  ]);
  const fields = header.map((given) => {
    const name = given ?? "";
    const fromText = known.get(name);
    if (fromText) return { name, fromText };
    const detail = `the header line names "${name}", which the channel does not have${didYouMean(name, known.keys())}`;
    throw new HeaderError("unknown_column", detail);
  });
  if (new Set(header).size !== header.length) throw new HeaderError("duplicate_column", "the header line names a column twice");
  return fields;
}
