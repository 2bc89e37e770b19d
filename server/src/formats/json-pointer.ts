/** In charge of JSON Pointers (RFC 6901) to places in a body. */

import { shorten } from "./shorten.ts";

/** A key that a caller has sent may have megabytes. No name of ours is as long, and of longer ones the beginning tells enough. */
const MAX_PLACE_LENGTH = 1_024;

/** A pointer to this place. */
export function jsonPointer(places: readonly (string | number)[]): string {
  return places.map((place) => `/${escape(shorten(String(place), MAX_PLACE_LENGTH))}`).join("");
}

function escape(place: string): string {
  return place.replace(/~/g, "~0").replace(/\//g, "~1");
}

/** The place that it points to. */
export function readJsonPointer(pointer: string): string[] {
  return pointer
    .split("/")
    .slice(1)
    .map((part) => part.replace(/~1/g, "/").replace(/~0/g, "~"));
}
