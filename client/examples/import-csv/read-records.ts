/** In charge of a CSV file with a header line, read piece by piece, so that it may be larger than memory. */
import { createReadStream } from "node:fs";
import { pipeline } from "node:stream";
import { parse } from "csv-parse";

export type CsvRecord = {
  /** Where it ends in the file, counted from 1. */
  readonly line: number;
  /** Text by the name of its column. */
  readonly fields: Readonly<Record<string, string>>;
};

type Piece = {
  readonly records: readonly CsvRecord[];
  /** How much of the file was read until its end. */
  readonly bytes: number;
};

/**
 * The same file comes in the same pieces each time.
 *
 * @throws what reading the file throws, and CsvError when it is no CSV.
 */
export async function* readRecords(file: string, size: number): AsyncGenerator<Piece, void, undefined> {
  const parser = parse({ columns: true, bom: true, trim: true, info: true });
  // Errors come out of the loop below, by way of the parser.
  pipeline(createReadStream(file), parser, () => {});
  let records: CsvRecord[] = [];
  for await (const { record, info } of parser) {
    records.push({ line: info.lines, fields: record });
    if (records.length < size) continue;
    yield { records, bytes: info.bytes };
    records = [];
  }
  if (records.length > 0) yield { records, bytes: parser.info.bytes };
}
