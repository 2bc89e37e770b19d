/** @throws TypeError for what is no plain object: the members of a Map or a list would be lost without a word. */
export function entriesOf(value: unknown, place: string): [string, unknown][] {
  if (typeof value !== "object" || value === null || Object.prototype.toString.call(value) !== "[object Object]") {
    throw new TypeError(`${place}: expected an object.`);
  }
  return Object.entries(value);
}
