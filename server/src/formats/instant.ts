/** In charge of points in time: RFC 3339 and what programs write in its place, to the microsecond, without guessing. */

/** A point in time from year 1 to 9999. `text` is UTC with six fraction digits, so that texts sort as the times do. */
export type Instant = {
  readonly text: string;
  /** Days since 1970-01-01, rounded down. */
  readonly day: number;
};

const RFC_3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,6}0*)?(?:Z|[+-]\d\d:\d\d)$/i;
const DATE = /^\d{4}-\d\d-\d\d$/;

export const MS_PER_DAY = 86_400_000;
const MS_PER_MINUTE = 60_000;
const ZERO = 0x30;
const SECONDS_END = "YYYY-MM-DDTHH:MM:SS".length;
const MICROS_END = "YYYY-MM-DDTHH:MM:SS.ffffff".length;
/** What makes six fraction digits and a Z of a time that has this many characters behind its seconds; a point alone is refused. */
const MISSING_DIGITS = [".000000Z", "", "00000Z", "0000Z", "000Z", "00Z", "0Z", "Z"];

/** Null unless the text is RFC 3339 with an offset, a real date, no leap second, and at most microseconds. */
export function parseInstant(text: string): Instant | null {
  if (!RFC_3339.test(text)) return null;
  const year = twoDigits(text, 0) * 100 + twoDigits(text, 2);
  const month = twoDigits(text, 5);
  const day = twoDigits(text, 8);
  const hour = twoDigits(text, 11);
  const minute = twoDigits(text, 14);
  const second = twoDigits(text, 17);
  if (month < 1 || month > 12 || day < 1 || day > daysInMonth(year, month)) return null;
  if (hour > 23 || minute > 59 || second > 59) return null;

  const days = daysSince1970(year, month, day);
  const last = text.length - 1;
  const isUtc = text.charAt(last).toUpperCase() === "Z";
  const zone = isUtc ? last : last - 5;
  // Most texts are in UTC already, and a large append has many: they are copied, not put together anew.
  if (isUtc) {
    const micros = text.slice(0, Math.min(zone, MICROS_END));
    return year < 1 ? null : { text: micros.replace("t", "T") + MISSING_DIGITS[micros.length - SECONDS_END], day: days };
  }

  const offset = { hour: twoDigits(text, zone + 1), minute: twoDigits(text, zone + 4) };
  if (offset.hour > 23 || offset.minute > 59) return null;
  const offsetMs = (offset.hour * 60 + offset.minute) * MS_PER_MINUTE * (text.charAt(zone) === "-" ? -1 : 1);
  const micros = text.slice(20, Math.min(zone, MICROS_END)).padEnd(6, "0");
  return toInstant(days * MS_PER_DAY + ((hour * 60 + minute) * 60 + second) * 1000 - offsetMs, micros);
}

function twoDigits(text: string, start: number): number {
  return (text.charCodeAt(start) - ZERO) * 10 + (text.charCodeAt(start + 1) - ZERO);
}

function daysInMonth(year: number, month: number): number {
  if (month !== 2) return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
  return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0 ? 29 : 28;
}

/** Counted in years that begin with March, so that a leap day is the last of its year, and in cycles of 400 years. */
function daysSince1970(year: number, month: number, day: number): number {
  const marchYear = month > 2 ? year : year - 1;
  const cycle = Math.floor(marchYear / 400);
  const yearOfCycle = marchYear - cycle * 400;
  const dayOfYear = Math.floor((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5) + day - 1;
  const dayOfCycle = yearOfCycle * 365 + Math.floor(yearOfCycle / 4) - Math.floor(yearOfCycle / 100) + dayOfYear;
  return cycle * 146_097 + dayOfCycle - 719_468;
}

/**
 * ISO 8601, and what databases and languages make of it: a blank for the T, no seconds, an offset without a colon or of hours alone, or UTC.
 * Each has one meaning. Its groups are the date, hour and minute, the second, UTC, and the hours and minutes of the offset.
 */
const WRITTEN = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d)(:\d\d(?:\.\d+)?)?(?: ?(?:(Z|UTC)|([+-]\d\d)(?::?(\d\d))?))?$/i;

/**
 * The same for times that others write: in rows.
 *
 * @example parseWrittenInstant("2024-03-01 01:00+01") // 2024-03-01T00:00:00.000000Z
 */
export function parseWrittenInstant(text: string): Instant | null {
  return parseInstant(text) ?? parseInstant(toRfc3339(text));
}

/** Empty when it has no offset, or is nothing of the kind. */
function toRfc3339(text: string): string {
  const [, date, minute, second = ":00", utc, offsetHour, offsetMinute = "00"] = WRITTEN.exec(text) ?? [];
  if (utc !== undefined) return `${date}T${minute}${second}Z`;
  return offsetHour === undefined ? "" : `${date}T${minute}${second}${offsetHour}:${offsetMinute}`;
}

/** Nothing that is longer was meant as one. To strip the zeros of a long text takes the square of its length. */
const MAX_NEARLY_A_TIME = 64;

/** What keeps a text that nearly is a time from being one; null when that cannot be told. */
export function describeTimeFault(text: string): string | null {
  if (text.length > MAX_NEARLY_A_TIME) return null;
  const [whole, , , second = "", utc, offsetHour] = WRITTEN.exec(text) ?? [];
  if (whole === undefined) return null;
  if (utc === undefined && offsetHour === undefined) return "it has no offset, such as Z or +01:00, and could be anywhere";
  const digits = second.slice(":SS.".length).replace(/0+$/, "").length;
  return digits > 6 ? `its second has ${digits} digits behind the point, and six are kept: round or cut it` : null;
}

/** A bare date means midnight UTC. */
export function parseWrittenInstantOrDate(text: string): Instant | null {
  return parseWrittenInstant(DATE.test(text) ? `${text}T00:00:00Z` : text);
}

export function instantOf(epochMs: number): Instant {
  const wholeSeconds = Math.floor(epochMs / 1000) * 1000;
  const instant = toInstant(wholeSeconds, `${String(Math.floor(epochMs) - wholeSeconds).padStart(3, "0")}000`);
  if (!instant) throw new RangeError(`${epochMs} ms lies outside the years 1 to 9999`);
  return instant;
}

/** Microseconds since 1970. */
export function microsOf({ text }: Instant): bigint {
  return BigInt(Date.parse(`${text.slice(0, SECONDS_END)}Z`)) * 1_000n + BigInt(text.slice(SECONDS_END + 1, MICROS_END));
}

export function instantOfMicros(micros: bigint): Instant {
  const fraction = ((micros % 1_000_000n) + 1_000_000n) % 1_000_000n;
  const instant = toInstant(Number((micros - fraction) / 1_000n), String(fraction).padStart(6, "0"));
  if (!instant) throw new RangeError(`${micros} µs lie outside the years 1 to 9999`);
  return instant;
}

function toInstant(epochMs: number, micros: string): Instant | null {
  const date = new Date(epochMs);
  const year = date.getUTCFullYear();
  if (!(year >= 1 && year <= 9999)) return null;
  return { text: `${date.toISOString().slice(0, 19)}.${micros}Z`, day: Math.floor(epochMs / MS_PER_DAY) };
}

/** As answers show a time: with six fraction digits, or with none where it needs none. */
export function narrowTime(text: string): string {
  return text.replace(".000000Z", "Z");
}

/** The same of times that are of one width (ADR 28). */
export function narrowTimes(texts: string[]): string[] {
  return texts.every((text) => text.endsWith(".000000Z")) ? texts.map(narrowTime) : texts;
}
