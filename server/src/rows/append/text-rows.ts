/** In charge of rows that come as text, NDJSON or CSV: turned into what a JSON body would have held. */
import { CsvError, parse } from "csv-parse/sync";
import type { Column } from "../../columns/channel-schema.ts";
import { TYPE_RULES } from "../../columns/column-type.ts";
import { didYouMean } from "../../formats/did-you-mean.ts";
import type { Fault } from "../../problems/fault.ts";
import { parseStrictJson } from "../../formats/strict-json.ts";

type TextRows =
  { readonly rows: readonly unknown[]; readonly fault?: undefined } | { readonly rows?: undefined; readonly fault: Fault };

const encoder = new TextEncoder();

/** One JSON object a line; lines without anything are passed over. */
export function readNdjson(text: string): TextRows {
  const rows: unknown[] = [];
  for (const [index, line] of text.split("\n").entries()) {
    if (line.trim() === "") continue;
    const { value, fault } = parseStrictJson(encoder.encode(line));
    if (fault) {
      return {
        fault: {
          pointer: `/rows/${rows.length}${fault.pointer ?? ""}`,
          code: fault.code,
          detail: `line ${index + 1}: ${fault.detail}`,
        },
      };
    }
    rows.push(value);
  }
  return { rows };
}

/** A header line with names of columns, then one line a row (RFC 4180). An empty field is no value, a quoted empty one an empty text. */
export function readCsv(text: string, columns: readonly Column[]): TextRows {
  const types = new Map(columns.map(({ name, type }) => [name, type]));
  let records: (string | null)[][];
  try {
    records = parse(text, { cast: (value, { quoting }) => (value === "" && !quoting ? null : value), skipEmptyLines: true });
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    return { fault: { code: "not_csv", detail: error.message } };
  }
  const [header = [], ...lines] = records;
  const names = header.map((name) => name ?? "");
  const unknown = names.find((name) => name !== "time" && !types.has(name));
  if (unknown !== undefined) {
    const detail = `the header line names "${unknown}", which the channel does not have${didYouMean(unknown, ["time", ...types.keys()])}`;
    return { fault: { code: "unknown_column", detail } };
  }
  if (new Set(names).size !== names.length)
    return { fault: { code: "duplicate_column", detail: "the header line names a column twice" } };
  const rows = lines.map((line) =>
    Object.fromEntries(
      names.flatMap((name, index) => {
        const field = line[index] ?? null;
        if (field === null) return [];
        const type = types.get(name);
        return [[name, type === undefined ? field : TYPE_RULES[type].fromText(field)]];
      }),
    ),
  );
  return { rows };
}
