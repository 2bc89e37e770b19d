/**
 * In charge of values that arrive as text, in filters and in CSV: turned into what JSON would have said. Text that stands for nothing stays
 * text, and the check of the type refuses it.
 */
import { JSON_NUMBER } from "../formats/query-text.ts";
import { parseStrictJson } from "../formats/strict-json.ts";

const encoder = new TextEncoder();

export function readNumber(text: string): number | string {
  return JSON_NUMBER.test(text) ? Number(text) : text;
}

export function readBoolean(text: string): boolean | string {
  return text === "true" || text === "false" ? text === "true" : text;
}

export function readDocument(text: string): unknown {
  return parseStrictJson(encoder.encode(text)).value ?? text;
}

/** For the types whose values are texts in JSON too. */
export function readVerbatim(text: string): string {
  return text;
}
