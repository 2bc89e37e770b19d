/** In charge of values that arrive as text, in filters and in CSV: turned into what JSON would have said. */
import type { ColumnType } from "./column-type.ts";
import { parseStrictJson } from "../formats/strict-json.ts";

const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

const encoder = new TextEncoder();

/** What the text stands for in a column of this type. Text that stands for nothing stays text, and the check of the type refuses it. */
export function readTextValue(type: ColumnType, text: string): unknown {
  switch (type) {
    case "float":
    case "int":
      return NUMBER.test(text) ? Number(text) : text;
    case "bool":
      return text === "true" || text === "false" ? text === "true" : text;
    case "dict":
    case "list":
      return parseStrictJson(encoder.encode(text)).value ?? text;
    default:
      return text;
  }
}

/** The JSON texts that a text in a query string may stand for: in it, 3 may be the number or the text. */
export function asDocuments(text: string): string[] {
  const value = readTextValue("float", text);
  if (typeof value === "number" && Number.isFinite(value)) return [JSON.stringify(text), JSON.stringify(value)];
  return /^(true|false|null)$/.test(text) ? [JSON.stringify(text), text] : [JSON.stringify(text)];
}
