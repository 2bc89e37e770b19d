/** In charge of single values: what each column type takes, and how it goes to the database. */
import { describeTimeFault, parseWrittenInstantOrDate } from "../formats/instant.ts";

export class ValueFault {
  readonly code: string;
  readonly detail: string;

  constructor(code: string, detail: string) {
    this.code = code;
    this.detail = detail;
  }
}

export type StoredValue = string | number | boolean;

export type ValueCheck = (value: unknown) => StoredValue | ValueFault;

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const INTEGER = /^-?\d{1,19}$/;
/** A whole number, as programs write it that know only fractions. */
const INTEGER_WITH_ZEROS = /^(-?\d{1,19})\.0+$/;
const INT64_MIN = -(2n ** 63n);
const INT64_MAX = 2n ** 63n - 1n;

/** Smaller ones than this JSON.stringify() writes with an exponent; PostgreSQL keeps them as decimal fractions. Large ones are refused. */
const WRITTEN_WITH_EXPONENT = 1e-6;

const NOT_A_NUMBER = new ValueFault("not_a_number", "expected a finite number");
const NOT_AN_INTEGER = new ValueFault("not_an_integer", "expected an integer within ±(2^53−1); larger ones fit an int64 column");
const NOT_AN_INT64 = new ValueFault(
  "not_an_int64",
  'expected a 64-bit integer as a decimal string, such as "9007199254740993", or an integer within ±(2^53−1)',
);
const NOT_A_STRING = new ValueFault("not_a_string", "expected a string");
const NOT_STORABLE = new ValueFault("not_storable", "text may hold neither NUL nor lone surrogates");
const NOT_A_BOOLEAN = new ValueFault("not_a_boolean", "expected true or false");
const NOT_A_UUID = new ValueFault("not_a_uuid", 'expected a UUID, such as "6e8bc430-9c3a-4f5c-8d2e-2f1c9a7b4d10"');
const NOT_A_DATETIME = new ValueFault(
  "not_a_datetime",
  "expected RFC 3339 with an offset, at most microseconds, years 0001 to 9999, or a bare date",
);
const NOT_AN_OBJECT = new ValueFault("not_an_object", "expected a JSON object");
const NOT_A_LIST = new ValueFault("not_a_list", "expected a JSON array");
const NUMBER_TOO_LARGE = new ValueFault("number_too_large", "numbers inside documents are finite, integers within ±(2^53−1)");
const TOO_LARGE = new ValueFault(
  "too_large",
  "numbers near zero are stored with all their digits, 1e-300 as three hundred; here that takes over a million more than were sent",
);

/** 256 columns may each hold a document: even so the text of a row, or of a definition, stays far below what can be read in one piece. */
const MAX_ADDED_DIGITS = 1_000_000;

export function checkFloat(value: unknown): StoredValue | ValueFault {
  return typeof value === "number" && Number.isFinite(value) ? keepMinusZero(value) : NOT_A_NUMBER;
}

export function checkInt(value: unknown): StoredValue | ValueFault {
  return Number.isSafeInteger(value) ? Number(value) : NOT_AN_INTEGER;
}

export function checkInt64(value: unknown): StoredValue | ValueFault {
  if (typeof value !== "string") return Number.isSafeInteger(value) ? String(value) : NOT_AN_INT64;
  const text = INTEGER.test(value) ? value : INTEGER_WITH_ZEROS.exec(value)?.[1];
  if (text === undefined) return NOT_AN_INT64;
  const integer = BigInt(text);
  return integer >= INT64_MIN && integer <= INT64_MAX ? text : NOT_AN_INT64;
}

export function checkBoolean(value: unknown): StoredValue | ValueFault {
  return typeof value === "boolean" ? value : NOT_A_BOOLEAN;
}

export function checkText(value: unknown): StoredValue | ValueFault {
  return typeof value !== "string" ? NOT_A_STRING : isStorable(value) ? value : NOT_STORABLE;
}

export function checkUuid(value: unknown): StoredValue | ValueFault {
  return typeof value === "string" && UUID.test(value) ? value : NOT_A_UUID;
}

export function checkDatetime(value: unknown): StoredValue | ValueFault {
  if (typeof value !== "string") return NOT_A_DATETIME;
  return parseWrittenInstantOrDate(value)?.text ?? explainTime(NOT_A_DATETIME, value);
}

/** The same fault, with what is wrong with this text if that can be told. */
export function explainTime(fault: ValueFault, text: string): ValueFault {
  const reason = describeTimeFault(text);
  return reason === null ? fault : new ValueFault(fault.code, `${fault.detail}; ${reason}`);
}

export function checkDict(value: unknown): StoredValue | ValueFault {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? toDocument(value) : NOT_AN_OBJECT;
}

export function checkList(value: unknown): StoredValue | ValueFault {
  return Array.isArray(value) ? toDocument(value) : NOT_A_LIST;
}

/** A name or a list of them to look for: null if they can be stored at all. */
export function checkStorable(value: string | readonly string[] | undefined): ValueFault | null {
  return [value ?? []].flat().every(isStorable) ? null : NOT_STORABLE;
}

/** What JSON allows and PostgreSQL cannot keep as it was, or only with far more digits: null if there is none of it. */
export function checkDocument(value: unknown): ValueFault | null {
  return checkPart(value, { digits: 0 });
}

type Added = { digits: number };

function checkPart(value: unknown, added: Added): ValueFault | null {
  if (typeof value === "string") return isStorable(value) ? null : NOT_STORABLE;
  if (typeof value === "number") return checkNumber(value, added);
  if (typeof value !== "object" || value === null) return null;
  if (Array.isArray(value)) {
    // Not by its entries: of a list of a million they are a million lists.
    for (const item of value) {
      const fault = checkPart(item, added);
      if (fault) return fault;
    }
    return null;
  }
  for (const [key, item] of Object.entries(value)) {
    const fault = (isStorable(key) ? null : NOT_STORABLE) ?? checkPart(item, added);
    if (fault) return fault;
  }
  return null;
}

function checkNumber(value: number, added: Added): ValueFault | null {
  if (!Number.isFinite(value) || (Number.isInteger(value) && !Number.isSafeInteger(value))) return NUMBER_TOO_LARGE;
  const size = Math.abs(value);
  if (size < WRITTEN_WITH_EXPONENT && size > 0) added.digits += Math.ceil(-Math.log10(size));
  return added.digits > MAX_ADDED_DIGITS ? TOO_LARGE : null;
}

function isStorable(text: string): boolean {
  return text.isWellFormed() && !text.includes("\0");
}

function toDocument(value: object): string | ValueFault {
  return checkDocument(value) ?? JSON.stringify(value);
}

/** Drivers write numbers with String(), which turns -0 into 0. */
function keepMinusZero(value: number): number | string {
  return Object.is(value, -0) ? "-0" : value;
}
