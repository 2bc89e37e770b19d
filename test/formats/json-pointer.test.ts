import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { jsonPointer } from "../../server/src/formats/json-pointer.ts";

/** As RFC 6901 says to read one. */
function readPointer(pointer: string): string[] {
  return pointer
    .split("/")
    .slice(1)
    .map((place) => place.replaceAll("~1", "/").replaceAll("~0", "~"));
}

describe("a pointer", () => {
  test("of no places is the whole body", () => {
    expect(jsonPointer([])).toBe("");
  });

  test("joins keys and indexes", () => {
    expect(jsonPointer(["rows", 17, "temperature"])).toBe("/rows/17/temperature");
  });

  test("escapes the tilde before the slash, so that neither is taken for the other", () => {
    expect(jsonPointer(["m/s", "a~b", "~1", "~/"])).toBe("/m~1s/a~0b/~01/~0~1");
  });

  test("keeps an empty key as a place of its own", () => {
    expect(jsonPointer(["", ""])).toBe("//");
  });

  test("has the beginning of a key of megabytes", () => {
    const pointer = jsonPointer(["rows", 0, "~".repeat(16_000_000)]);
    expect(pointer.startsWith("/rows/0/~0~0")).toBe(true);
    expect(pointer.length).toBeLessThan(4_000);
  });

  test("leads back to its places, whatever they hold", () => {
    const place = fc.oneof(fc.string(), fc.string({ unit: fc.constantFrom("~", "/", "0", "1") }));
    fc.assert(
      fc.property(fc.array(place), (places) => {
        expect(readPointer(jsonPointer(places))).toEqual(places);
      }),
    );
  });
});
