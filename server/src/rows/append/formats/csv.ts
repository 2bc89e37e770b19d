/** In charge of rows that come as CSV (RFC 4180). */
import { CsvError, parse } from "csv-parse/sync";
import type { Column } from "../../../columns/channel-schema.ts";
import { TYPE_RULES } from "../../../columns/column-type.ts";
import { didYouMean } from "../../../formats/did-you-mean.ts";
import { readVerbatim } from "../../../columns/text-value.ts";
import type { TextRows } from "./ndjson.ts";

/** A header line with names of columns, then one line a row. An empty field is no value, a quoted empty one an empty text. */
export function readCsv(text: string, columns: readonly Column[]): TextRows {
  let records: (string | null)[][];
  try {
    records = parse(text, { cast: (value, { quoting }) => (value === "" && !quoting ? null : value), skipEmptyLines: true });
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    return { fault: { code: "not_csv", detail: error.message } };
  }
  const [header = [], ...lines] = records;
  const known = new Map<string, (text: string) => unknown>([
    ["time", readVerbatim],
    ...columns.map(({ name, type }) => [name, TYPE_RULES[type].fromText] as const),
  ]);
  const fields: { readonly name: string; readonly fromText: (text: string) => unknown }[] = [];
  for (const name of header.map((name) => name ?? "")) {
    const fromText = known.get(name);
    if (!fromText) {
      const detail = `the header line names "${name}", which the channel does not have${didYouMean(name, known.keys())}`;
      return { fault: { code: "unknown_column", detail } };
    }
    fields.push({ name, fromText });
  }
  if (new Set(header).size !== header.length)
    return { fault: { code: "duplicate_column", detail: "the header line names a column twice" } };
  const rows = lines.map((line) =>
    Object.fromEntries(
      fields.flatMap(({ name, fromText }, index) => {
        const field = line[index] ?? null;
        return field === null ? [] : [[name, fromText(field)]];
      }),
    ),
  );
  return { rows };
}
