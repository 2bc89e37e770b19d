/** Whether a value is an object with members: no list, no Date, no Map, no Set, and not null. */
export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return Object.prototype.toString.call(value) === "[object Object]";
}
