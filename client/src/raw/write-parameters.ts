/** In charge of parameters as a caller of the raw client wrote them: whatever would get lost, or lead elsewhere, is refused. */
import { entriesOf } from "../request/encode-values.ts";
import { writePath } from "../request/url.ts";
import { writeQuery } from "../request/write-query.ts";

/**
 * Writes a query, with objects as `name[key]`.
 *
 * @throws TypeError naming the place of a value of a wrong type.
 */
export function writeRawQuery(query: object): string {
  const given = Object.entries(query).filter(([, value]) => value !== undefined);
  return given
    .flatMap(([name, value]) => flatMember(name, value))
    .map(([name, value]) => writeQuery({ [name]: value }))
    .filter((parameter) => parameter !== "")
    .join("&");
}

/**
 * Writes a path. The serializer of openapi-fetch would turn an empty value or `..` into the path of another operation.
 *
 * @throws TypeError for such a value, and for what is neither text nor a number.
 */
export function writeRawPath(path: string, values: Readonly<Record<string, unknown>>): string {
  for (const [, name = ""] of path.matchAll(/\{(\w+)\}/g)) {
    const value = values[name];
    if (typeof value === "number" || (typeof value === "string" && !/^\.{0,2}$/.test(value))) continue;
    throw new TypeError(`${name}: expected text that can be part of a path.`);
  }
  return writePath(path, values);
}

function flatMember(name: string, value: unknown): [string, unknown][] {
  if (typeof value !== "object" || value instanceof Date || Array.isArray(value)) return [[name, value]];
  return entriesOf(value, name).flatMap(([key, member]) => {
    // Leaving a filter out would widen the selection.
    if (member === undefined) throw new TypeError(`${name}[${key}]: undefined.`);
    return flatMember(`${name}[${key}]`, member);
  });
}
