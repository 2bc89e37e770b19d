/** In charge of the clocks of a place: which points in time they show as some local time. */
import { UsageError } from "../usage-error.ts";

/** Points in time, in milliseconds, at which a clock there shows this: none when it is put forward, two when it is put back. */
export type Zone = { readonly name: string; readonly instantsOf: (localMs: number) => readonly number[] };

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
const MAX_REMEMBERED = 10_000;
const FIXED = /^(?:UTC|Z|([+-])(\d\d):?(\d\d))$/i;

/** @throws UsageError when there is no such zone. */
export function createZone(name: string): Zone {
  const fixed = FIXED.exec(name);
  if (fixed) {
    const [, sign = "+", hours = "0", minutes = "0"] = fixed;
    const offsetMs = (Number(hours) * 60 + Number(minutes)) * MINUTE_MS * (sign === "-" ? -1 : 1);
    return { name, instantsOf: (localMs) => [localMs - offsetMs] };
  }
  const offsetAt = offsetsOf(name);
  const remembered = new Map<number, readonly number[]>();
  /** Those before and after a day: any that the clock can have on it is one of them. */
  const offsetsAround = (day: number): readonly number[] => {
    const known = remembered.get(day);
    if (known) return known;
    const offsets = [...new Set([offsetAt((day - 1) * DAY_MS), offsetAt((day + 2) * DAY_MS)])].sort((one, other) => other - one);
    if (remembered.size >= MAX_REMEMBERED) remembered.clear();
    remembered.set(day, offsets);
    return offsets;
  };
  return {
    name,
    instantsOf: (localMs) => {
      const offsets = offsetsAround(Math.floor(localMs / DAY_MS));
      const real = offsets.length === 1 ? offsets : offsets.filter((offset) => offsetAt(localMs - offset) === offset);
      return real.map((offset) => localMs - offset);
    },
  };
}

/** How far the clocks are ahead of UTC at a point in time. */
function offsetsOf(name: string): (instantMs: number) => number {
  const format = formatOf(name);
  return (instantMs) => {
    const parts = new Map(format.formatToParts(instantMs).map(({ type, value }) => [type, Number(value)]));
    const part = (type: Intl.DateTimeFormatPartTypes) => parts.get(type) ?? 0;
    const local = Date.UTC(part("year"), part("month") - 1, part("day"), part("hour"), part("minute"), part("second"));
    return local - Math.floor(instantMs / 1_000) * 1_000;
  };
}

function formatOf(timeZone: string): Intl.DateTimeFormat {
  const numeric = "numeric";
  try {
    return new Intl.DateTimeFormat("en-US-u-ca-iso8601", {
      timeZone,
      hourCycle: "h23",
      year: numeric,
      month: numeric,
      day: numeric,
      hour: numeric,
      minute: numeric,
      second: numeric,
    });
  } catch (cause) {
    throw new UsageError(`There is no time zone "${timeZone}". Zones are UTC, +01:00, or a place, such as Europe/Berlin.`, {
      cause,
    });
  }
}
