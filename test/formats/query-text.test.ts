import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { asDocuments, JSON_NUMBER } from "../../server/src/formats/query-text.ts";

describe("a text", () => {
  test.for([
    ["Ann", ['"Ann"']],
    ["", ['""']],
    ['say "hi"', [String.raw`"say \"hi\""`]],
    ["3", ['"3"', "3"]],
    ["-0.50", ['"-0.50"', "-0.5"]],
    ["1e3", ['"1e3"', "1000"]],
    ["-0", ['"-0"', "0"]],
    ["true", ['"true"', "true"]],
    ["false", ['"false"', "false"]],
    ["null", ['"null"', "null"]],
    ["True", ['"True"']],
    ["nullx", ['"nullx"']],
    ["{}", ['"{}"']],
    ["[1]", ['"[1]"']],
    ['"a"', [String.raw`"\"a\""`]],
    // No document can hold a number that is not finite.
    ["1e400", ['"1e400"']],
    ["9".repeat(400), [`"${"9".repeat(400)}"`]],
  ] as const)("%s may stand for %j", ([text, documents]) => {
    expect(asDocuments(text)).toEqual(documents);
  });

  test("stands for itself, and for the number or the literal that JSON reads from it, and for no more", () => {
    const text = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.double().map(String),
      fc.jsonValue().map((value) => JSON.stringify(value)),
    );
    fc.assert(
      fc.property(text, (text) => {
        const [self, ...others] = asDocuments(text).map((document): unknown => JSON.parse(document));
        expect(self).toBe(text);
        const read = parse(text);
        const isScalar = typeof read === "number" || typeof read === "boolean" || read === null;
        // JSON.stringify has no -0.
        expect(others).toEqual(isScalar && text.trim() === text ? [Object.is(read, -0) ? 0 : read] : []);
      }),
      { numRuns: 500 },
    );
  });
});

/** Undefined when it is no JSON. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

describe("a number", () => {
  test("is what JSON takes for one", () => {
    const digits = fc
      .array(fc.constantFrom("0", "1", "9", "-", "+", ".", "e", "E", " "), { maxLength: 7 })
      .map((parts) => parts.join(""));
    fc.assert(
      fc.property(digits, (text) => {
        expect([text, JSON_NUMBER.test(text)]).toEqual([text, typeof parse(text) === "number" && text.trim() === text]);
      }),
      { numRuns: 3_000 },
    );
  });

  test.for(["NaN", "Infinity", "0x10", "1_000", "1\n", "\n1", "1,5", "٣"])("is not %j", (text) => {
    expect(JSON_NUMBER.test(text)).toBe(false);
  });
});
