/** In charge of values that arrive as text, in filters and in CSV: turned into what JSON would have said. */
import type { ColumnType } from "./column-type.ts";
import { JSON_NUMBER } from "../formats/query-text.ts";
import { parseStrictJson } from "../formats/strict-json.ts";

const encoder = new TextEncoder();

/** What the text stands for in a column of this type. Text that stands for nothing stays text, and the check of the type refuses it. */
export function readTextValue(type: ColumnType, text: string): unknown {
  switch (type) {
    case "float":
    case "int":
      return JSON_NUMBER.test(text) ? Number(text) : text;
    case "bool":
      return text === "true" || text === "false" ? text === "true" : text;
    case "dict":
    case "list":
      return parseStrictJson(encoder.encode(text)).value ?? text;
    default:
      return text;
  }
}
