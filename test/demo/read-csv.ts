/** In charge of the CSV files of vega-datasets. */
import { readFile } from "node:fs/promises";
import { parse } from "csv-parse/sync";

/** Field names of the header line with the text of one line. */
export type CsvLine = Readonly<Record<string, string>>;

// The package lets nobody import its files, only look at where they lie.
const DIRECTORY = new URL("../data/", import.meta.resolve("vega-datasets"));

export async function readCsv(file: string): Promise<CsvLine[]> {
  return parse<Record<string, string>>(await readFile(new URL(file, DIRECTORY)), { columns: true });
}
