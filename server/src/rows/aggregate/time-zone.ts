/** In charge of names of time zones. When their clocks are changed is known to the database alone, so that there is one table of it. */

/** Not offsets: `+01:00` is east of Greenwich here, and west for POSIX and so for PostgreSQL. */
const ZONE_NAME = /^[A-Za-z][A-Za-z0-9_+\-/]{0,63}$/;

export function isZone(text: string): boolean {
  return ZONE_NAME.test(text) && canonicalZone(text) !== null;
}

export function isUtc(zone: string): boolean {
  return canonicalZone(zone) === "UTC";
}

function canonicalZone(text: string): string | null {
  try {
    return new Intl.DateTimeFormat("en", { timeZone: text }).resolvedOptions().timeZone;
  } catch {
    return null;
  }
}
