import { objectJson } from "./object-json.ts";

/** The text of a row: that of JSON.stringify, but for the sign of a zero, which JSON can hold and JSON.stringify drops. */
export function rowJson(row: unknown): string {
  if (typeof row !== "object" || row === null || !Object.values(row).some(isNegativeZero)) return JSON.stringify(row);
  return objectJson(row, (value) => (isNegativeZero(value) ? "-0" : JSON.stringify(value)));
}

function isNegativeZero(value: unknown): boolean {
  return Object.is(value, -0);
}
