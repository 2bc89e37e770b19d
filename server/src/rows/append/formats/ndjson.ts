/** In charge of rows that come as NDJSON. */
import type { Fault } from "../../../problems/fault.ts";
import { createJsonScanner, parseScanned } from "../../../formats/strict-json.ts";
import { tooManyCells, tooManyRows } from "../../../problems/common.ts";

/** Rows as a JSON body would have held them, or why a text holds none. */
export type TextRows =
  { readonly rows: readonly unknown[]; readonly fault?: undefined } | { readonly rows?: undefined; readonly fault: Fault };

/** How much one request may bring. */
export type RowLimits = { readonly maxRows: number; readonly maxCells: number };

const encoder = new TextEncoder();

/** One JSON object a line; lines without anything are passed over. @throws ProblemError body_too_large */
export function readNdjson(text: string, limits: RowLimits): TextRows {
  const reader = createReader(text, limits);
  return reader.readTo(text.length) ?? { rows: reader.rows };
}

/** How much of a large text is read before others may do something. */
const STEP_CHARACTERS = 65_536;

/**
 * The same for a large text.
 *
 * @param turn lets others do something.
 */
export async function readNdjsonInSteps(text: string, limits: RowLimits, turn: () => Promise<unknown>): Promise<TextRows> {
  const reader = createReader(text, limits);
  for (let end = STEP_CHARACTERS; ; end += STEP_CHARACTERS) {
    const refused = reader.readTo(Math.min(end, text.length));
    if (refused) return refused;
    if (end >= text.length) return { rows: reader.rows };
    await turn();
  }
}

function createReader(text: string, { maxRows, maxCells }: RowLimits) {
  const rows: unknown[] = [];
  let start = 0;
  let lineNumber = 0;
  let values = 0;

  /** Reads the lines that begin before this place. Returns what is wrong with one. */
  const readTo = (end: number): TextRows | null => {
    while (start < end) {
      const newline = text.indexOf("\n", start);
      const line = text.slice(start, newline < 0 ? text.length : newline);
      start = newline < 0 ? text.length : newline + 1;
      lineNumber++;
      if (line.trim() === "") continue;
      if (rows.length >= maxRows) throw tooManyRows(maxRows);
      const bytes = encoder.encode(line);
      const scanner = createJsonScanner(bytes);
      scanner.scanTo(bytes.length);
      values += scanner.size.values;
      if (values > maxCells) throw tooManyCells(maxCells);
      const { value, fault } = parseScanned(bytes, scanner);
      if (fault) {
        const pointer = `/rows/${rows.length}${fault.pointer ?? ""}`;
        return { fault: { pointer, code: fault.code, detail: `line ${lineNumber}: ${fault.detail}` } };
      }
      rows.push(value);
    }
    return null;
  };
  return { rows, readTo };
}
