/** In charge of rows that come as NDJSON. */
import type { Fault } from "../../../problems/fault.ts";
import { parseStrictJson } from "../../../formats/strict-json.ts";

/** Rows as a JSON body would have held them, or why a text holds none. */
export type TextRows =
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
