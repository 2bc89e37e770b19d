/** In charge of query strings: all of every name and value is encoded, and nothing left out in silence. */
import { scalarText } from "./encode-values.ts";

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

function encode(text: string, name: string): string {
  try {
    return encodeURIComponent(text);
  } catch (cause) {
    throw new TypeError(`${name}: half of a surrogate pair, which is no text.`, { cause });
  }
}
