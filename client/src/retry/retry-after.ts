/** How long an answer asks to be left alone (RFC 9110: seconds, or a date), in milliseconds; null when it does not say. */
export function retryAfterMs({ headers }: Response): number | null {
  const text = headers.get("Retry-After");
  if (text === null) return null;
  const ms = /^\d+$/.test(text) ? Number(text) * 1000 : Date.parse(text) - Date.now();
  return Number.isNaN(ms) ? null : Math.max(0, ms);
}
