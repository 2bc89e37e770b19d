/** A JSON Pointer (RFC 6901) to a place in a body. */
export function jsonPointer(places: readonly (string | number)[]): string {
  return places.map((place) => `/${String(place).replace(/~/g, "~0").replace(/\//g, "~1")}`).join("");
}
