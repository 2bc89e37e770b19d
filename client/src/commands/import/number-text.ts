/**
 * In charge of numbers as devices and spreadsheets write them.
 *
 * A text is taken for a number only if the number writes back to it: `007`, `12e4`, `0x1F` and `+5` are none. Zeros behind the last digit of
 * a fraction and separators of thousands carry nothing, and may be there.
 */

/** What stands before the fraction. */
export type DecimalMark = "." | ",";

/** Numbers of so many digits are told apart by a double, whichever they are. */
const SURE_DIGITS = 15;

const STRICT = {
  ".": /^-?(?:0|[1-9]\d*|[1-9]\d{0,2}(?:,\d{3})+)(?:\.\d+)?$/,
  ",": /^-?(?:0|[1-9]\d*|[1-9]\d{0,2}(?:\.\d{3})+)(?:,\d+)?$/,
} as const;
const LENIENT = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;
const INTEGER = /^[+-]?\d+(?:\.0*)?$/;

/** The same with a point and no separators, or null when the text would not come back. */
export function asNumber(text: string, mark: DecimalMark): string | null {
  if (!STRICT[mark].test(text)) return null;
  const plain = withPoint(text, mark);
  const digits = plain.replace(/^-?[0.]*/, "").replace(".", "").length;
  return isInteger(plain) || digits <= SURE_DIGITS || String(Number(plain)) === withoutZeros(plain) ? plain : null;
}

/** For a column that was said to hold numbers: any decimal number, or null. */
export function asAnyNumber(text: string, mark: DecimalMark): number | null {
  const plain = withPoint(text, mark);
  const number = LENIENT.test(plain) ? Number(plain) : NaN;
  return Number.isFinite(number) ? number : null;
}

/** For a column that was said to hold whole numbers, or null. */
export function asInteger(text: string, mark: DecimalMark): bigint | null {
  const plain = withPoint(text, mark);
  return INTEGER.test(plain) ? BigInt(plain.replace(/^\+/, "").replace(/\..*$/, "")) : null;
}

export function isInteger(plain: string): boolean {
  return /^-?\d+$/.test(plain);
}

function withPoint(text: string, mark: DecimalMark): string {
  const separator = mark === "." ? "," : ".";
  const hasGroups = STRICT[mark].test(text) && text.includes(separator);
  return (hasGroups ? text.replaceAll(separator, "") : text).replace(mark, ".");
}

function withoutZeros(plain: string): string {
  if (!plain.includes(".")) return plain;
  let end = plain.length;
  while (plain[end - 1] === "0") end--;
  return plain.slice(0, plain[end - 1] === "." ? end - 1 : end);
}
