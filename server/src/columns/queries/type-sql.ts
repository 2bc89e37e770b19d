/** In charge of what each column type is in SQL: stored, sorted by, and written out. What it is besides stands in `column-type.ts`. */
import { type FragmentSqlToken, sql } from "slonik";
import { plainArray, quotedArray } from "../../db/array-literal.ts";
import type { ColumnType, SlotType } from "../column-type.ts";
import type { StoredValue } from "../value-check.ts";
import { plainName, timeDigits, timeToGoOn, wideDigits } from "./time-sql.ts";

type TypeSql = {
  /** The slot of a row `p` of a page as JSON; null where there is no value. */
  readonly json: (slot: string) => FragmentSqlToken;
  /** The same as a field of CSV (RFC 4180). Text is always quoted, so that an empty text and no value are told apart. */
  readonly csv: (slot: string) => FragmentSqlToken;
  /** What rows are sorted by. */
  readonly sortValue: (slot: FragmentSqlToken) => FragmentSqlToken;
  /** What rows are sorted by as text, for `fromText` to read. */
  readonly cursorText: (sortValue: FragmentSqlToken) => FragmentSqlToken;
  /** Whether a page has the time as PostgreSQL writes it beside each: `json` and `csv` look at it, more than once. */
  readonly isTime: boolean;
};

/** A time of a page as JSON, as wide as all others: for a whole column of them, which `narrowTogether` makes as short as they all can be. */
export function wideTimeJson(slot: string): FragmentSqlToken {
  return sql.fragment`'"' || ${wideInPage(slot)} || 'Z"'`;
}

const sameValue = (slot: FragmentSqlToken): FragmentSqlToken => slot;
const asText = (value: FragmentSqlToken): FragmentSqlToken => sql.fragment`${value}::text`;
const inPage = (slot: string): FragmentSqlToken => sql.fragment`p.${sql.identifier([slot])}`;
const textInPage = (slot: string): FragmentSqlToken => asText(inPage(slot));
const quotedJson = (slot: string): FragmentSqlToken => sql.fragment`'"' || ${inPage(slot)} || '"'`;
const quotedCsv = (slot: string): FragmentSqlToken => sql.fragment`'"' || replace(${textInPage(slot)}, '"', '""') || '"'`;
const wideInPage = (slot: string): FragmentSqlToken => wideDigits(sql.fragment`p.${plainName(slot)}`);
const digitsInPage = (slot: string): FragmentSqlToken => timeDigits(sql.fragment`p.${plainName(slot)}`);

export const TYPE_SQL: Readonly<Record<ColumnType, TypeSql>> = {
  str: {
    json: (slot) => sql.fragment`to_json(${inPage(slot)})::text`,
    csv: quotedCsv,
    // By code points: the same on every database, whatever its locale.
    sortValue: (slot) => sql.fragment`${slot} collate "C"`,
    cursorText: asText,
    isTime: false,
  },
  int: { json: textInPage, csv: textInPage, sortValue: sameValue, cursorText: asText, isTime: false },
  int64: { json: quotedJson, csv: textInPage, sortValue: sameValue, cursorText: asText, isTime: false },
  float: { json: textInPage, csv: textInPage, sortValue: sameValue, cursorText: asText, isTime: false },
  bool: { json: textInPage, csv: textInPage, sortValue: sameValue, cursorText: asText, isTime: false },
  uuid: { json: quotedJson, csv: textInPage, sortValue: sameValue, cursorText: asText, isTime: false },
  datetime: {
    json: (slot) => sql.fragment`'"' || ${digitsInPage(slot)} || 'Z"'`,
    // A file is written page by page, and nobody knows at its start whether a time needs its fraction.
    csv: (slot) => sql.fragment`${wideInPage(slot)} || 'Z'`,
    sortValue: sameValue,
    cursorText: timeToGoOn,
    isTime: true,
  },
  dict: { json: textInPage, csv: quotedCsv, sortValue: sameValue, cursorText: asText, isTime: false },
  list: { json: textInPage, csv: quotedCsv, sortValue: sameValue, cursorText: asText, isTime: false },
};

/** Values on their way into a slot, as a literal of its array type. */
export const ARRAY_OF_SLOT: Readonly<Record<SlotType, (values: readonly (StoredValue | null)[]) => string>> = {
  bool: plainArray,
  float8: plainArray,
  int8: plainArray,
  jsonb: quotedArray,
  text: quotedArray,
  timestamptz: plainArray,
  uuid: plainArray,
};
