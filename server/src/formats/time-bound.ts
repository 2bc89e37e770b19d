/** In charge of the ways to write a bound of time in a query: RFC 3339, seconds or milliseconds since 1970, or relative to now. */
import { type Instant, instantOf, MS_PER_DAY, parseInstant } from "./instant.ts";

/** What is expected, for whoever wrote something else. */
export const TIME_BOUND =
  "RFC 3339 with an offset, such as 2024-03-01T00:00:00Z; seconds (10 digits) or milliseconds (13 digits) since 1970; now; " +
  "or now-1h, in s, m, h, d or w";

/**
 * By their digits, so that none is taken for the other: ten are seconds, from 2001-09-09 to 2286-11-20, and thirteen are milliseconds of the
 * same years. Clocks of programs write seconds with a fraction.
 */
const SECONDS = /^(\d{10})(?:\.(\d{1,6})0*)?$/;
const MILLISECONDS = /^\d{13}$/;

const RELATIVE = /^now(?:([+-])(\d{1,9})([smhdw]))?$/;

const UNIT_MS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: MS_PER_DAY, w: 7 * MS_PER_DAY };

/** Null unless the text is a time. @param now in milliseconds since 1970. */
export function readTimeBound(text: string, now: number): Instant | null {
  const [, seconds, fraction = ""] = SECONDS.exec(text) ?? [];
  if (seconds !== undefined) {
    const { text: whole, day } = instantOf(Number(seconds) * 1_000);
    return { text: whole.replace(".000000", `.${fraction.padEnd(6, "0")}`), day };
  }
  if (MILLISECONDS.test(text)) return instantOf(Number(text));
  return isRelativeTime(text) ? readRelative(text, now) : parseInstant(text);
}

/** Whether the time that it stands for moves with the clock. */
export function isRelativeTime(text: string): boolean {
  return RELATIVE.test(text);
}

function readRelative(text: string, now: number): Instant | null {
  const [, sign, count = "0", unit = "s"] = RELATIVE.exec(text) ?? [];
  const ms = now + (sign === "-" ? -1 : 1) * Number(count) * (UNIT_MS[unit] ?? 0);
  const year = new Date(ms).getUTCFullYear();
  return year >= 1 && year <= 9999 ? instantOf(ms) : null;
}
