import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { writeRawPath, writeRawQuery } from "../../../client/src/raw/write-parameters.ts";
import { NASTY } from "../nasty-texts.ts";

const texts = fc.oneof(fc.constantFrom(...NASTY), fc.string({ unit: "grapheme" }));
const read = (query: object) => [...new URLSearchParams(writeRawQuery(query))];

describe("a path of the raw client", () => {
  test("keeps each value in the segment it is meant for", () => {
    const values = texts.filter((text) => !/^\.{0,2}$/.test(text));
    fc.assert(
      fc.property(values, values, (channel, key) => {
        const path = writeRawPath("http://127.0.0.1/a/{channel_id}/b/{key_id}", { channel_id: channel, key_id: key });
        const segments = new URL(path).pathname.split("/").map(decodeURIComponent);
        expect(segments).toEqual(["", "a", channel, "b", key]);
      }),
    );
  });

  test("takes numbers", () => {
    expect(writeRawPath("/a/{n}", { n: 17 })).toBe("/a/17");
  });

  test.each(["", ".", "..", undefined, null, {}, ["x"], true])("refuses %j, which would lead elsewhere", (value) => {
    expect(() => writeRawPath("/a/{id}/b", { id: value })).toThrow(
      new TypeError("id: expected text that can be part of a path."),
    );
  });
});

describe("a query of the raw client", () => {
  test("has objects as names with brackets, and lists as repeated parameters", () => {
    fc.assert(
      fc.property(texts, texts, fc.array(texts, { minLength: 1 }), (key, value, list) => {
        const filters = Object.fromEntries([[key, value]]);
        expect(read({ col: filters, any: Object.fromEntries([[key, list]]) })).toEqual([
          [`col[${key}]`, value],
          ...list.map((item) => [`any[${key}]`, item]),
        ]);
      }),
    );
  });

  test("sends both of two parameters that come to the same name, for the server to refuse", () => {
    expect(read({ min: { a: 1 }, "min[a]": 2 })).toEqual([
      ["min[a]", "1"],
      ["min[a]", "2"],
    ]);
  });

  test("leaves out what is undefined at the top, and refuses it in a filter", () => {
    expect(read({ limit: undefined, sort: "time", tags: [] })).toEqual([["sort", "time"]]);
    expect(() => read({ min: { a: undefined } })).toThrow(new TypeError("min[a]: undefined."));
  });

  test.each([{ from: null }, { min: new Map([["a", 1]]) }, { min: { a: { b: new Set() } } }])("refuses %o", (query) => {
    expect(() => read(query)).toThrow(TypeError);
  });
});
