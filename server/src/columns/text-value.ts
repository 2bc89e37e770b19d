/**
 * In charge of values that arrive as text, in filters and in CSV: turned into what JSON would have said. Text that stands for nothing stays
 * text, and the check of the type refuses it.
 *
 * Filters and cursors are written for this service, in one way. Files are what other programs have written: a field is read whichever way it
 * is written, as long as it has one meaning.
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

/** `20.`, `.5` and `+5` are numbers. `007` is none: zeros in front are part of a name, such as that of a meter. */
const WRITTEN_NUMBER = /^[+-]?(?:(?:0|[1-9]\d*)(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?$/i;

export function readWrittenNumber(text: string): number | string {
  return WRITTEN_NUMBER.test(text) ? Number(text) : text;
}

const WRITTEN_INTEGER = /^(?:\+|(-))?(?:(0|[1-9]\d*)|0\d+)(?:\.0*)?$/;

/** Of an int64, which a number cannot hold. NaN with zeros in front: as text it would be one, and lose them. */
export function readWrittenInteger(text: string): string | number {
  const match = WRITTEN_INTEGER.exec(text);
  if (!match) return text;
  const [, minus = "", digits] = match;
  return digits === undefined ? Number.NaN : `${minus}${digits}`;
}

const TRUE = /^(?:true|t|yes|y|on|1)$/i;
const FALSE = /^(?:false|f|no|n|off|0)$/i;

/** The words that PostgreSQL knows. */
export function readWrittenBoolean(text: string): boolean | string {
  return TRUE.test(text) || (FALSE.test(text) ? false : text);
}

/** A field without the blanks around it, which many programs write behind a comma. One of nothing but blanks is no value: null. */
export function fieldReader(read: (text: string) => unknown): (field: string) => unknown {
  return (field) => {
    const text = field.trim();
    return text === "" ? null : read(text);
  };
}
