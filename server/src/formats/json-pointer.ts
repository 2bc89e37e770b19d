/** In charge of JSON Pointers (RFC 6901) to places in a body. */

/** A pointer to this place. */
export function jsonPointer(places: readonly (string | number)[]): string {
  return places.map((place) => `/${String(place).replace(/~/g, "~0").replace(/\//g, "~1")}`).join("");
}

/** The place that it points to. */
export function readJsonPointer(pointer: string): string[] {
  return pointer
    .split("/")
    .slice(1)
    .map((part) => part.replace(/~1/g, "/").replace(/~0/g, "~"));
}
