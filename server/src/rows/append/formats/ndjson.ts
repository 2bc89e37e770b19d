/** In charge of rows that come as NDJSON. */
import { createJsonScanner, parseScanned } from "../../../formats/strict-json.ts";
import { tooManyCells, tooManyRows } from "../../../problems/common.ts";
import { type RowReader, type TextRules, UnreadableRow } from "./text-rows.ts";

const encoder = new TextEncoder();

/** One JSON object a line; lines without anything are passed over. */
export function createNdjsonReader(text: string, { maxRows, maxCells, isStrict }: Omit<TextRules, "isTimeRequired">): RowReader {
  const rows: unknown[] = [];
  let start = 0;
  let lineNumber = 0;
  let values = 0;

  const readTo: RowReader["readTo"] = (end) => {
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
      if (!fault) {
        rows.push(value);
        continue;
      }
      const pointer = `/rows/${rows.length}${fault.pointer ?? ""}`;
      const unreadable = { pointer, code: fault.code, detail: `line ${lineNumber}: ${fault.detail}` };
      if (isStrict) return unreadable;
      rows.push(new UnreadableRow(unreadable));
    }
    return null;
  };
  return { rows, readTo };
}
