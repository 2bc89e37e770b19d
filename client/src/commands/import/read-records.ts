/** In charge of the lines of a file that have to do with each other: records, as RFC 4180 has them. */
import { Readable } from "node:stream";
import { CsvError, type Options, parse } from "csv-parse";
import { parse as parseSync } from "csv-parse/sync";
import { UsageError } from "../usage-error.ts";
import { readText } from "./read-text.ts";

export type CsvRecord = {
  /** Where it ends in the file, counted from 1. */
  readonly line: number;
  readonly cells: readonly string[];
};

export type Dialect = {
  readonly delimiter: string;
  /** Lines at the beginning that are no part of the table. */
  readonly skip: number;
};

type Parsed = { readonly record: readonly string[]; readonly info: { readonly lines: number } };

const MAX_RECORD_CHARACTERS = 1_000_000;

function optionsOf({ delimiter, skip }: Dialect) {
  return {
    delimiter,
    from_line: skip + 1,
    record_delimiter: ["\r\n", "\n", "\r"],
    info: true,
    bom: true,
    // A tab is a blank as well: where it separates, none is taken away.
    trim: delimiter !== "\t",
    // What has too few or too many cells is a bad line, and not the end.
    relax_column_count: true,
    relax_quotes: true,
    // The tails of spreadsheets.
    skip_empty_lines: true,
    skip_records_with_empty_values: true,
    max_record_size: MAX_RECORD_CHARACTERS,
  } satisfies Options;
}

/**
 * Record by record, in constant memory.
 *
 * @throws UsageError when a quote is never closed, or the file is not in this encoding.
 */
export async function* readRecords(file: string, encoding: string, dialect: Dialect): AsyncGenerator<CsvRecord, void, undefined> {
  const source = Readable.from(readText(file, encoding));
  const parser = parse(optionsOf(dialect));
  source.on("error", (error) => parser.destroy(error));
  try {
    for await (const parsed of source.pipe(parser)) yield toRecord(parsed);
  } catch (error) {
    throw error instanceof CsvError ? new UsageError(`${file}: ${sentenceOf(error)}`, { cause: error }) : error;
  } finally {
    source.destroy();
  }
}

/** The first records of a text, until one that is broken. */
export function readSample(text: string, dialect: Dialect, count: number): CsvRecord[] {
  const records: CsvRecord[] = [];
  const keep = (cells: string[], { lines }: { readonly lines: number }) => {
    records.push({ line: lines, cells });
    return null;
  };
  try {
    parseSync(text, { ...optionsOf(dialect), info: false, to: count, on_record: keep });
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
  }
  return records;
}

function toRecord({ record, info }: Parsed): CsvRecord {
  return { line: info.lines, cells: record };
}

function sentenceOf(error: CsvError): string {
  if (error.code === "CSV_QUOTE_NOT_CLOSED") return `a quote (") is opened and never closed. Close it, or take it away.`;
  return `${error.message}.`;
}
