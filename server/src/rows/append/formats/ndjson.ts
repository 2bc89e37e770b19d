/** In charge of rows that come as NDJSON. */
import { createJsonScanner, FEW_MEMBERS, MAX_SURPLUS_MEMBERS, parseScanned } from "../../../formats/strict-json.ts";
import { tooManyCells, tooManyMembers, tooManyRows } from "../../../problems/common.ts";
import { type RowReader, type TextRules, UNREADABLE_CHARACTERS, UnreadableRow } from "./text-rows.ts";

const encoder = new TextEncoder();

/** One JSON object a line; lines without anything are passed over. */
export function createNdjsonReader(text: string, { maxRows, maxCells, isStrict }: Omit<TextRules, "isTimeRequired">): RowReader {
  const rows: unknown[] = [];
  let start = 0;
  let lineNumber = 0;
  let values = 0;
  let surplusMembers = 0;

  const readTo: RowReader["readTo"] = (end) => {
    let until = end;
    while (start < until) {
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
      surplusMembers += Math.max(scanner.size.members - FEW_MEMBERS, 0);
      if (surplusMembers > MAX_SURPLUS_MEMBERS) throw tooManyMembers();
      const { value, fault } = parseScanned(bytes, scanner);
      if (!fault) {
        rows.push(value);
        continue;
      }
      const pointer = `/rows/${rows.length}${fault.pointer ?? ""}`;
      const unreadable = { pointer, code: fault.code, detail: `line ${lineNumber}: ${fault.detail}` };
      if (isStrict) return unreadable;
      rows.push(new UnreadableRow(unreadable));
      until -= UNREADABLE_CHARACTERS;
    }
    return null;
  };
  return {
    rows,
    get position() {
      return start;
    },
    readTo,
  };
}
