/** In charge of query strings: every value as the contract writes it, all of it encoded, and nothing left out in silence. */
import { isoTime } from "./iso-time.ts";

/** A name and a value, neither of them encoded yet. */
export type Parameter = readonly [name: string, value: string];

/**
 * Encodes brackets and all, so that a name cannot end early and the `+` of an offset arrives as one.
 *
 * @throws TypeError for half of a surrogate pair.
 */
export function encodeQuery(parameters: readonly Parameter[]): string {
  return parameters.map(([name, value]) => `${encode(name, name)}=${encode(value, name)}`).join("&");
}

/** One parameter for each field that is not undefined. */
export function plainParameters(fields: object): Parameter[] {
  return Object.entries(fields)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => [name, scalarText(value, name)]);
}

/**
 * The text of a value in a query.
 *
 * @throws TypeError for a value of any other type: leaving it out would widen the selection.
 */
export function scalarText(value: unknown, place: string): string {
  switch (typeof value) {
    case "string":
      return value;
    case "boolean":
    case "bigint":
      return String(value);
    case "number":
      if (Number.isFinite(value)) return String(value);
      throw new TypeError(`${place}: ${value} is not a finite number.`);
    default:
      if (value instanceof Date) return isoTime(value, place);
      throw new TypeError(`${place}: expected text, a finite number, a boolean, a bigint or a Date.`);
  }
}

/** @throws TypeError for what is neither undefined nor a list of names; a name with a comma would become two. */
export function nameList(names: unknown, place: string): string | undefined {
  if (names === undefined) return undefined;
  const list: readonly unknown[] = Array.isArray(names) ? names : [names];
  if (list.length === 0 || !list.every((name) => typeof name === "string" && name !== "" && !name.includes(","))) {
    throw new TypeError(`${place}: expected names of columns, at least one.`);
  }
  return list.join(",");
}

function encode(text: string, name: string): string {
  try {
    return encodeURIComponent(text);
  } catch (cause) {
    throw new TypeError(`${name}: half of a surrogate pair, which is no text.`, { cause });
  }
}
