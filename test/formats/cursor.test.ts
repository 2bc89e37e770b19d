import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { packCursor, unpackCursor } from "../../server/src/formats/cursor.ts";

const position = z.object({ time: z.string(), row: z.string().regex(/^\d+$/) });

const QUERY = ["6e8bc430-9c3a-4f5c-8d2e-2f1c9a7b4d10", null, null, "descending", ["temperature"]];
const POSITION = { time: "2024-03-01T00:52:00Z", row: "53" };
const CURSOR = packCursor(POSITION, QUERY);

const BASE64URL = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

function unpack(text: string, query: unknown = QUERY) {
  return unpackCursor(text, query, position);
}

const anyPosition = fc.record(
  { time: fc.string({ unit: "grapheme" }), row: fc.bigInt({ min: 0n }).map(String) },
  { noNullPrototype: true },
);
const anyQuery = fc.array(fc.jsonValue({ maxDepth: 2 }));

describe("a cursor", () => {
  test("leads back to its position, for the same query", () => {
    fc.assert(
      fc.property(anyPosition, anyQuery, (position, query) => {
        expect(unpack(packCursor(position, query), structuredClone(query))).toEqual(position);
      }),
    );
  });

  test("needs no escaping in a URL", () => {
    fc.assert(
      fc.property(anyPosition, anyQuery, (position, query) => {
        const cursor = packCursor(position, query);
        expect(encodeURIComponent(cursor)).toBe(cursor);
      }),
    );
  });
});

describe("null for", () => {
  test("any other query", () => {
    fc.assert(
      fc.property(anyPosition, anyQuery, anyQuery, (position, query, other) => {
        fc.pre(JSON.stringify(query) !== JSON.stringify(other));
        expect(unpack(packCursor(position, query), other)).toBeNull();
      }),
    );
  });

  test.for([0, 1, 2, 3, 4])("a query that differs in part %d", (part) => {
    expect(unpack(CURSOR, QUERY.with(part, "other"))).toBeNull();
  });

  test("a cursor with any one character changed", () => {
    const place = fc.nat({ max: CURSOR.length - 1 });
    fc.assert(
      fc.property(place, fc.constantFrom(...BASE64URL), (place, character) => {
        fc.pre(CURSOR[place] !== character);
        expect(unpack(CURSOR.slice(0, place) + character + CURSOR.slice(place + 1))).toBeNull();
      }),
      // The last time and row a page ended at are a few characters of many.
      { numRuns: 1_000 },
    );
  });

  test("a cursor cut short or with something added", () => {
    for (let length = 0; length < CURSOR.length; length++) expect(unpack(CURSOR.slice(0, length))).toBeNull();
    for (const more of ["A", "=", "==", " ", "\n", "!", "%3D", CURSOR]) {
      expect(unpack(CURSOR + more)).toBeNull();
      expect(unpack(more + CURSOR)).toBeNull();
    }
  });

  test("the position of another shape", () => {
    for (const other of [
      null,
      "53",
      [POSITION],
      { time: POSITION.time },
      { ...POSITION, row: 53 },
      { ...POSITION, row: "1 or 1=1" },
    ]) {
      expect(unpack(packCursor(other, QUERY))).toBeNull();
    }
  });

  test("garbage, whatever it decodes to", () => {
    const encoded = ["", "null", "[]", "{}", "[1,2]", '["a"]', "[[[[[[", '{"__proto__":1}'].map((text) =>
      Buffer.from(text).toString("base64url"),
    );
    for (const garbage of ["", "x", "....", "0", "\0", "é", "../../etc/passwd", "A".repeat(100_000), ...encoded]) {
      expect(unpack(garbage)).toBeNull();
    }
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.base64String(),
          fc.json().map((text) => Buffer.from(text).toString("base64url")),
        ),
        (garbage) => {
          expect(unpack(garbage)).toBeNull();
        },
      ),
    );
  });
});
