import { defineChannel } from "@kronicle/client";
import { type Condition, readCondition, readWhere, writeCondition, writeWhere } from "@kronicle/client/filter-grammar";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { connect } from "../connect.ts";
import { NASTY } from "../nasty-texts.ts";

const ID = "6e8bc430-9c3a-4f5c-8d2e-2f1c9a7b4d10";

const text = fc.oneof(fc.constantFrom(...NASTY), fc.string({ unit: "grapheme", maxLength: 12 }), fc.string({ unit: "binary" }));
const columnName = text.filter((name) => !/[[\]]/.test(name));
/** One from which a path is parted by the first dot. */
const undotted = columnName.filter((name) => !name.includes("."));
const path = fc.array(
  text.map((part) => part.replaceAll(".", "·")),
  { maxLength: 3 },
);
const values = fc.array(text, { minLength: 1, maxLength: 4 });

const condition: fc.Arbitrary<Condition> = fc.oneof(
  fc.record({ operator: fc.constant("col" as const), column: undotted, path, value: text }),
  fc.record({ operator: fc.constant("any" as const), column: undotted, path, values }),
  fc.record({ operator: fc.constantFrom("min" as const, "max" as const, "has" as const), column: columnName, value: text }),
  fc.record({ operator: fc.constant("null" as const), column: columnName, isNull: fc.boolean() }),
);

/** How a caller writes the condition. */
function asFilter(wanted: Condition): Record<string, unknown> {
  const nested = (filter: unknown, steps: readonly string[]) =>
    steps.length === 0 ? filter : { path: Object.fromEntries([[steps.join("."), filter]]) };
  switch (wanted.operator) {
    case "col":
      return Object.fromEntries([[wanted.column, nested(wanted.value, wanted.path)]]);
    case "any":
      return Object.fromEntries([[wanted.column, nested({ in: wanted.values }, wanted.path)]]);
    case "null":
      return Object.fromEntries([[wanted.column, { isNull: wanted.isNull }]]);
    default:
      return Object.fromEntries([[wanted.column, { [wanted.operator]: wanted.value }]]);
  }
}

/** Callers without types may hand over anything. */
const untyped = (value: unknown) => value as never;

/** The query string that a filter makes, as it goes out. */
async function sentFor(where: unknown): Promise<URLSearchParams> {
  let url = "";
  const send: typeof fetch = async (input) => {
    url = new Request(input).url;
    throw new Error("far enough");
  };
  const kronicle = connect("reader", { url: "http://127.0.0.1:9" }, send);
  const selection = kronicle.reader.channel(ID, defineChannel({ a: "str" })).rows({ where: untyped(where) });
  await selection.page().catch((error: unknown) => {
    if (url === "") throw error;
  });
  return new URL(url).searchParams;
}

describe("any condition arrives as it was meant", () => {
  test("through the grammar and a URL", () => {
    fc.assert(
      fc.property(condition, (wanted) => {
        const url = new URL("http://127.0.0.1/?limit=7");
        const [name, value] = writeCondition(wanted);
        url.search += `&${encodeURIComponent(name)}=${encodeURIComponent(value)}`;
        const [, arrived, ...more] = [...new URL(url.href).searchParams];
        expect(more).toEqual([]);
        expect(arrived && readCondition(...arrived)).toEqual(wanted);
      }),
      { numRuns: 1_000 },
    );
  });

  test("as a text through a URL, equal to what stands in brackets", () => {
    fc.assert(
      fc.property(condition, (wanted) => {
        const url = new URL("http://127.0.0.1/?limit=7");
        url.search += `&where=${encodeURIComponent(writeWhere(wanted))}`;
        const [, arrived, ...more] = [...new URL(url.href).searchParams];
        expect(more).toEqual([]);
        expect(readWhere(arrived?.[1] ?? "")).toEqual(wanted);
        expect(readWhere(writeWhere(wanted))).toEqual(readCondition(...writeCondition(wanted)));
      }),
      { numRuns: 1_000 },
    );
  });

  test("through the client, alone in the query", async () => {
    await fc.assert(
      fc.asyncProperty(condition, async (wanted) => {
        const parameters = [...(await sentFor(asFilter(wanted)))];
        expect(parameters.map(([name, value]) => readCondition(name, value))).toEqual([wanted]);
      }),
      { numRuns: 500 },
    );
  });

  test("with dots in the names of columns", async () => {
    const sent = await sentFor({ "PM2.5": { min: 3, in: [4], path: { "a.b": "x" } }, "a.": "y", ".": { isNull: true } });
    expect([...sent]).toEqual([
      ["min[PM2.5]", "3"],
      ["any[PM2.5]", "4"],
      ["col[PM2.5.a.b]", "x"],
      ["col[a.]", "y"],
      ["null[.]", "true"],
    ]);
  });

  test("as numbers, bigints, booleans and times", async () => {
    const at = new Date("2024-03-01T00:00:00.120Z");
    const sent = await sentFor({ a: { min: -0.5, max: 1e21, in: [9007199254740993n, true, at] }, time: { min: at } });
    expect(Object.fromEntries(sent)).toEqual({
      "min[a]": "-0.5",
      "max[a]": "1e+21",
      "any[a]": "9007199254740993,true,2024-03-01T00:00:00.120Z",
      "min[time]": "2024-03-01T00:00:00.120Z",
    });
  });
});

describe("a text of anybody", () => {
  const part = fc.constantFrom('"', "=", "<", ">", ":", "!", "~", ".", ",", "a", " ", ":any=", ":has=", ":null=", "true");
  const hostile = fc.array(part, { maxLength: 8 }).map((parts) => parts.join(""));

  test("is a condition, which means the same when it is written anew, or a fault in words", () => {
    fc.assert(
      fc.property(fc.oneof(hostile, text), (sent) => {
        const read = readWhere(sent);
        const again = "fault" in read ? read : readWhere(writeWhere(read));
        expect(again).toEqual(read);
      }),
      { numRuns: 2_000 },
    );
  });

  test.each(['"', '""', '"a', "a:any", "a>"])("is read at once when %j stands in it thousands of times", (part) => {
    const startedAt = performance.now();
    readWhere(part.repeat(100_000));
    expect(performance.now() - startedAt).toBeLessThan(500);
  });
});

describe("a filter that would be lost is a TypeError, before anything is sent", () => {
  test.each([
    ["a column that is undefined", { a: undefined }],
    ["a column that is null", { a: null }],
    ["an empty condition", { a: {} }],
    ["a condition that is undefined", { a: { min: undefined } }],
    ["a bound that is null", { a: { min: null } }],
    ["isNull that is undefined", { a: { isNull: undefined } }],
    ["isNull that is text", { a: { isNull: "true" } }],
    ["one of none", { a: { in: [] } }],
    ["one of undefined", { a: { in: [undefined] } }],
    ["one of a hole", { a: { in: Array(1) } }],
    ["one of what is no list", { a: { in: "x" } }],
    ["a list in place of a value", { a: ["x"] }],
    ["a condition that does not exist", { a: { least: 1 } }],
    ["a range inside a document", { a: { path: { b: { min: 1 } } } }],
    ["no path at all", { a: { path: {} } }],
    ["a path to undefined", { a: { path: { b: undefined } } }],
    ["a path to an empty condition", { a: { path: { b: {} } } }],
    ["a prototype in place of a path", { a: { path: { __proto__: { in: ["x"] } } } }],
    ["a Map", new Map([["a", "x"]])],
    ["a Map of conditions", { a: new Map([["min", 1]]) }],
    ["null", null],
    ["text", "a=x"],
    ["NaN", { a: { min: Number.NaN } }],
    ["Infinity", { a: { max: Number.POSITIVE_INFINITY } }],
    ["an invalid Date", { a: { min: new Date("x") } }],
    ["a function", { a: () => "x" }],
    ["a symbol", { a: Symbol("x") }],
    ["half of a surrogate pair", { a: "\ud83c" }],
    ["half of a surrogate pair in a path", { a: { path: { "\ud83c": "x" } } }],
    ["a column with a bracket", { "a]&limit=1&x[": "x" }],
  ])("%s", async (_what, where) => {
    await expect(sentFor(where)).rejects.toThrow(TypeError);
  });
});
