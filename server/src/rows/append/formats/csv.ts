/** In charge of rows that come as CSV (RFC 4180). */
import type { Column } from "../../../columns/channel-schema.ts";
import { TYPE_RULES } from "../../../columns/column-type.ts";
import { didYouMean } from "../../../formats/did-you-mean.ts";
import { shorten } from "../../../formats/shorten.ts";
import { createJsonScanner, FEW_MEMBERS, MAX_SURPLUS_MEMBERS } from "../../../formats/strict-json.ts";
import type { Fault } from "../../../problems/fault.ts";
import { tooManyCells, tooManyMembers, tooManyRows } from "../../../problems/common.ts";
import { createCsvScanner, type CsvLine } from "./csv-lines.ts";
import { type RowReader, type TextRules, UnreadableRow } from "./text-rows.ts";

/**
 * A header line with names of columns, then one line a row; lines of nothing but commas and blanks are passed over. An empty field is no value,
 * a quoted empty one an empty text.
 */
export function createCsvReader(text: string, columns: readonly Column[], rules: TextRules): RowReader {
  const { maxRows, maxCells, isStrict, isTimeRequired } = rules;
  const rows: unknown[] = [];
  let header: readonly Field[] | null = null;
  let documentPlaces: readonly number[] = [];
  let cells = 0;
  let surplusMembers = 0;
  const scanner = createCsvScanner(text, () => {
    if (++cells > maxCells) throw tooManyCells(maxCells);
  });

  const readTo: RowReader["readTo"] = (end) => {
    while (scanner.position < end) {
      const cellsBefore = cells;
      const line = scanner.readLine();
      if (line.kind === "empty") {
        cells = cellsBefore;
        continue;
      }
      if (header === null) {
        const read = readHeader(text, line, columns, isTimeRequired);
        if ("fault" in read) return read.fault;
        header = read.fields;
        documentPlaces = [...read.fields.keys()].filter((place) => read.fields[place]?.isDocument);
        continue;
      }
      if (line.kind === "unclosed") return notCsv(line, UNCLOSED);
      if (rows.length >= maxRows) throw tooManyRows(maxRows);
      const { values, members } = measureDocuments(line, documentPlaces);
      cells += values;
      if (cells > maxCells) throw tooManyCells(maxCells);
      surplusMembers += Math.max(members - FEW_MEMBERS, 0);
      if (surplusMembers > MAX_SURPLUS_MEMBERS) throw tooManyMembers();
      const row = readRow(line, header);
      if (typeof row !== "string") {
        rows.push(row);
        continue;
      }
      const fault = { pointer: `/rows/${rows.length}`, ...notCsv(line, row) };
      if (isStrict) return fault;
      rows.push(new UnreadableRow(fault));
    }
    return null;
  };
  return {
    rows,
    get position() {
      return scanner.position;
    },
    readTo,
  };
}

const UNCLOSED = "a quote opens a field, and none closes it up to the end";
const MISPLACED_QUOTE = "a quote stands in the middle of a field; quote the whole field, and write each quote in it twice";

function notCsv({ first, last }: CsvLine, what: string): Fault {
  return { code: "not_csv", detail: `${first === last ? `line ${first}` : `lines ${first} to ${last}`}: ${what}` };
}

type Field = {
  readonly name: string;
  readonly fromField: (text: string) => unknown;
  /** Whether it holds documents, which may hold millions of values. */
  readonly isDocument: boolean;
};

const encoder = new TextEncoder();

/** What the documents of a line hold, besides themselves. */
function measureDocuments(line: CsvLine, documentPlaces: readonly number[]) {
  let values = 0;
  let members = 0;
  if (line.kind !== "fields") return { values, members };
  for (const place of documentPlaces) {
    const field = line.fields[place];
    if (!field) continue;
    const bytes = encoder.encode(field);
    const scanner = createJsonScanner(bytes);
    scanner.scanTo(bytes.length);
    values += scanner.size.values - 1;
    members += scanner.size.members;
  }
  return { values, members };
}

/** Returns what is wrong with it if the line holds no row. */
function readRow(line: CsvLine, header: readonly Field[]): Readonly<Record<string, unknown>> | string {
  if (line.kind !== "fields") return MISPLACED_QUOTE;
  const { fields } = line;
  if (fields.length !== header.length) return `it has ${fieldCount(fields.length)}, and the header line ${header.length}`;
  const row: Record<string, unknown> = {};
  for (let index = 0; index < header.length; index++) {
    const column = header[index];
    const field = fields[index] ?? null;
    const value = field === null || !column ? null : column.fromField(field);
    // No column is called __proto__.
    if (value !== null && column) row[column.name] = value;
  }
  return row;
}

/** A file that is no CSV may have one name of megabytes. */
const MAX_SHOWN_LENGTH = 128;

function fieldCount(count: number): string {
  return count === 1 ? "1 field" : `${count} fields`;
}

function readHeader(
  text: string,
  line: CsvLine,
  columns: readonly Column[],
  isTimeRequired: boolean,
): { readonly fields: readonly Field[] } | { readonly fault: Fault } {
  const separator = findOtherSeparator(text);
  if (separator)
    return { fault: { code: "not_csv", detail: `the header line is separated by ${separator}; separate by commas` } };
  if (line.kind !== "fields") return { fault: notCsv(line, line.kind === "unclosed" ? UNCLOSED : MISPLACED_QUOTE) };

  const known = new Map<string, Omit<Field, "name">>([
    ["time", { fromField: TYPE_RULES.datetime.fromField, isDocument: false }],
    ...columns.map(({ name, type }) => {
      const { fromField, slot } = TYPE_RULES[type];
      return [name, { fromField, isDocument: slot === "jsonb" }] as const;
    }),
  ]);
  const fields: Field[] = [];
  for (const field of line.fields) {
    const given = field ?? "";
    // A name may begin or end with a blank, but rarely does: one behind a comma is none of it.
    const name = known.has(given) ? given : given.trim();
    if (name === "") {
      const detail = `the header line has no name for its column ${fields.length + 1}`;
      return { fault: { code: "unknown_column", detail } };
    }
    const rules = known.get(name);
    if (!rules) {
      const detail = `the header line names "${shorten(name, MAX_SHOWN_LENGTH)}", which the channel does not have${didYouMean(name, known.keys())}`;
      return { fault: { code: "unknown_column", detail } };
    }
    fields.push({ name, ...rules });
  }
  const names = new Set(fields.map(({ name }) => name));
  if (names.size !== fields.length)
    return { fault: { code: "duplicate_column", detail: "the header line names a column twice" } };
  if (isTimeRequired && !names.has("time")) return { fault: { code: "missing", detail: NO_TIME_COLUMN } };
  return { fields };
}

const NO_TIME_COLUMN =
  "the header line names no column time; add it, or time=received to the query, so that all rows get the time of their arrival";

/** No name of a column holds one of these. */
const OTHER_SEPARATORS = [
  [";", "semicolons"],
  ["\t", "tabs"],
  ["|", "vertical bars"],
] as const;

/** What the first line with anything in it is separated by, if not by commas: its beginning tells. */
function findOtherSeparator(text: string): string | undefined {
  const [line = ""] = /\S[^\r\n]{0,999}/.exec(text) ?? [];
  const count = (character: string) => line.split(character).length - 1;
  return OTHER_SEPARATORS.find(([character]) => count(character) > count(","))?.[1];
}
