/**
 * The text of a `Date` on the wire.
 *
 * @throws TypeError naming the place when the `Date` is invalid; JSON would turn it into null without a word.
 */
export function isoTime(date: Date, place: string): string {
  if (Number.isNaN(date.getTime())) throw new TypeError(`${place}: an invalid Date.`);
  return date.toISOString();
}
