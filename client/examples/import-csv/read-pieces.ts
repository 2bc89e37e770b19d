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

export type Piece = {
  readonly records: readonly CsvRecord[];
  /** How much of the file was read until its end. */
  readonly bytes: number;
};

export type PieceSize = {
  readonly rows: number;
  readonly periods: number;
  /** A period is what times have in common whose text begins with so many equal characters: 7 for a month, 10 for a day. */
  readonly periodLength: number;
};

/**
 * The same file comes in the same pieces each time.
 *
 * @throws what reading the file throws, and CsvError when it is no CSV.
 */
export async function* readPieces(file: string, size: PieceSize): AsyncGenerator<Piece, void, undefined> {
  const parser = parse({ columns: true, bom: true, trim: true, info: true });
  // Errors come out of the loop below, by way of the parser.
  pipeline(createReadStream(file), parser, () => {});
  let records: CsvRecord[] = [];
  let periods = new Set<string>();
  let bytes = 0;
  for await (const { record, info } of parser) {
    const fields: CsvRecord["fields"] = record;
    const period = (fields["time"] ?? "").slice(0, size.periodLength);
    if (records.length === size.rows || (periods.size === size.periods && !periods.has(period))) {
      yield { records, bytes };
      records = [];
      periods = new Set();
    }
    records.push({ line: info.lines, fields });
    periods.add(period);
    bytes = info.bytes;
  }
  if (records.length > 0) yield { records, bytes };
}
