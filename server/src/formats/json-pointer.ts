/** A JSON Pointer (RFC 6901) to a place in a body. */
export function jsonPointer(places: readonly (string | number)[]): string {
  return places.map((place) => `/${String(place).replaceAll("~", "~0").replaceAll("/", "~1")}`).join("");
}
