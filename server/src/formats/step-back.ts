/** In charge of the time that lies a duration before another, by the calendar of UTC. */
import type { Duration } from "./duration.ts";
import { type Instant, instantOf, MS_PER_DAY } from "./instant.ts";

const FIRST_MS = Date.parse("0001-01-01T00:00:00Z");
const MICROS_PER_DAY = BigInt(MS_PER_DAY) * 1_000n;

/** Not before year 1. A month earlier than the 31st is the last day of a month that has fewer days. */
export function stepBack({ text }: Instant, { months, days, micros }: Duration): Instant {
  const ms = monthsBefore(text, months);
  const then = BigInt(ms) * 1_000n + BigInt(text.slice(-4, -1)) - BigInt(days) * MICROS_PER_DAY - micros;
  const first = BigInt(FIRST_MS) * 1_000n;
  // Counted from year 1, for a division of what is below zero would round up.
  const since = then < first ? 0n : then - first;
  const instant = instantOf(FIRST_MS + Number(since / 1_000n));
  return { ...instant, text: `${instant.text.slice(0, -4)}${String(since % 1_000n).padStart(3, "0")}Z` };
}

function monthsBefore(text: string, months: number): number {
  const date = new Date(text);
  const month = date.getUTCFullYear() * 12 + date.getUTCMonth() - months;
  // Year 1 begins with month 12.
  if (month < 12) return FIRST_MS;
  const day = date.getUTCDate();
  date.setUTCFullYear(Math.floor(month / 12), month % 12, 1);
  const lastDay = new Date(date);
  lastDay.setUTCMonth(lastDay.getUTCMonth() + 1, 0);
  return date.setUTCDate(Math.min(day, lastDay.getUTCDate()));
}
