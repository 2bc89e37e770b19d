/** In charge of lengths of time in a query: ISO 8601, such as P1DT2H, and the short forms that people type, such as 15m. */

/**
 * Three parts that do not turn into each other: a month is no fixed number of days, and where clocks are changed a day is no fixed number of
 * hours. A year is twelve months, a week seven days, an hour 60 minutes.
 */
export type Duration = { readonly months: number; readonly days: number; readonly micros: bigint };

/** What is expected, for whoever wrote something else. */
export const DURATION =
  "an ISO 8601 duration, such as PT15M, P1DT2H or P1M, or one number with its unit: 500ms, 30s, 15m, 1h, 1d, 1w, 1mo or 1y";

/** ISO 8601-2 lets weeks stand beside the other parts. Only seconds have a fraction: half a month is no length. */
const ISO_8601 =
  /^P(?!$)(?:(\d{1,9})Y)?(?:(\d{1,9})M)?(?:(\d{1,9})W)?(?:(\d{1,9})D)?(?:T(?!$)(?:(\d{1,9})H)?(?:(\d{1,9})M)?(?:(\d{1,9})(?:[.,](\d{1,6})0*)?S)?)?$/;

const SHORT = /^(\d{1,9})(ms|s|m|h|d|w|mo|y)$/;

const MICROS = { ms: 1_000n, s: 1_000_000n, m: 60_000_000n, h: 3_600_000_000n };

/** Null unless the text is a duration. It may be of no length, and is never negative. */
export function parseDuration(text: string): Duration | null {
  return parseShort(text) ?? parseIso8601(text);
}

function parseShort(text: string): Duration | null {
  const [, digits, unit] = SHORT.exec(text) ?? [];
  const count = Number(digits);
  switch (unit) {
    case "ms":
    case "s":
    case "m":
    case "h":
      return { months: 0, days: 0, micros: BigInt(count) * MICROS[unit] };
    case "d":
      return { months: 0, days: count, micros: 0n };
    case "w":
      return { months: 0, days: count * 7, micros: 0n };
    case "mo":
      return { months: count, days: 0, micros: 0n };
    case "y":
      return { months: count * 12, days: 0, micros: 0n };
    default:
      return null;
  }
}

function parseIso8601(text: string): Duration | null {
  const parts = ISO_8601.exec(text);
  if (!parts) return null;
  const [, years = 0, months = 0, weeks = 0, days = 0, hours = 0, minutes = 0, seconds = 0, fraction = ""] = parts;
  return {
    months: Number(years) * 12 + Number(months),
    days: Number(weeks) * 7 + Number(days),
    micros: BigInt(hours) * MICROS.h + BigInt(minutes) * MICROS.m + BigInt(seconds) * MICROS.s + BigInt(fraction.padEnd(6, "0")),
  };
}
