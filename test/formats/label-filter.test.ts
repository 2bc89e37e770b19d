import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readLabelFilter } from "../../server/src/formats/label-filter.ts";

describe("a filter on labels", () => {
  test.for([
    ["room", { key: "room", values: null }],
    ["room:kitchen", { key: "room", values: ['"kitchen"'] }],
    ["floor:3", { key: "floor", values: ['"3"', "3"] }],
    ["active:true", { key: "active", values: ['"true"', "true"] }],
    ["url:https://example.com:80/", { key: "url", values: ['"https://example.com:80/"'] }],
    ["room:", { key: "room", values: ['""'] }],
    ["room::", { key: "room", values: ['":"'] }],
    [":kitchen", { key: "", values: ['"kitchen"'] }],
    ["", { key: "", values: null }],
    ["room: kitchen ", { key: "room", values: ['" kitchen "'] }],
    ["__proto__:1", { key: "__proto__", values: ['"1"', "1"] }],
  ] as const)("%j is %j", ([text, filter]) => {
    expect(readLabelFilter(text)).toEqual(filter);
  });

  test("has the whole value as its text, colons and all", () => {
    fc.assert(
      fc.property(
        fc.string().map((key) => key.replaceAll(":", "")),
        fc.string({ unit: "binary" }),
        (key, value) => {
          const filter = readLabelFilter(`${key}:${value}`);
          expect([filter.key, JSON.parse(filter.values?.[0] ?? "null")]).toEqual([key, value]);
          expect(readLabelFilter(key)).toEqual({ key, values: null });
        },
      ),
    );
  });
});
