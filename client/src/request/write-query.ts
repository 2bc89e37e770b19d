/** In charge of query strings: all of every name and value is encoded. */
import { scalarText } from "./encode-values.ts";

/**
 * Writes a query; a list as repeated parameters.
 *
 * The serializer of openapi-fetch would drop a Date without a word. It also leaves names as they are, so that one could end early and
 * become another parameter. Here it is all encoded, so that the `+` of an offset arrives as one too.
 *
 * @throws TypeError naming the place of a value of a wrong type, and for half of a surrogate pair.
 */
export function writeQuery(query: object): string {
  return Object.entries(query)
    .flatMap(([name, value]) => [value].flat().map((item) => writeParameter(name, scalarText(item, name))))
    .join("&");
}

function writeParameter(name: string, text: string): string {
  try {
    return `${encodeURIComponent(name)}=${encodeURIComponent(text)}`;
  } catch (cause) {
    throw new TypeError(`${name}: half of a surrogate pair.`, { cause });
  }
}
