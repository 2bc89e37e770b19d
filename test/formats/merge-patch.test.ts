import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { mergePatch } from "../../server/src/formats/merge-patch.ts";

type JsonObject = Readonly<Record<string, unknown>>;

function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The pseudocode of RFC 7396, section 2. */
function mergeByTheBook(target: unknown, patch: unknown): unknown {
  if (!isObject(patch)) return patch;
  const result = new Map(isObject(target) ? Object.entries(target) : []);
  for (const [name, value] of Object.entries(patch)) {
    if (value === null) result.delete(name);
    else result.set(name, mergeByTheBook(result.get(name), value));
  }
  return Object.fromEntries(result);
}

/** JSON with its keys as they stand. */
const key = fc.oneof(fc.constantFrom("a", "b", "c", "__proto__", "constructor", "toString"), fc.string());
const { value: json } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    fc.constantFrom(null, null, 1, "a", true),
    fc.array(tie("value"), { maxLength: 3 }),
    fc.dictionary(key, tie("value"), { maxKeys: 4 }),
  ),
}));
const object = fc.dictionary(key, json, { maxKeys: 4 });

describe("a patch", () => {
  // RFC 7396, appendix A.
  test.for([
    [{ a: "b" }, { a: "c" }, { a: "c" }],
    [{ a: "b" }, { b: "c" }, { a: "b", b: "c" }],
    [{ a: "b" }, { a: null }, {}],
    [{ a: "b", b: "c" }, { a: null }, { b: "c" }],
    [{ a: ["b"] }, { a: "c" }, { a: "c" }],
    [{ a: "c" }, { a: ["b"] }, { a: ["b"] }],
    [{ a: { b: "c" } }, { a: { b: "d", c: null } }, { a: { b: "d" } }],
    [{ a: [{ b: "c" }] }, { a: [1] }, { a: [1] }],
    [
      ["a", "b"],
      ["c", "d"],
      ["c", "d"],
    ],
    [{ a: "b" }, ["c"], ["c"]],
    [{ a: "foo" }, "bar", "bar"],
    [{ e: null }, { a: 1 }, { e: null, a: 1 }],
    [[1, 2], { a: "b", c: null }, { a: "b" }],
    [{}, { a: { bb: { ccc: null } } }, { a: { bb: {} } }],
  ])("makes of %j with %j what the RFC says: %j", ([target, patch, result]) => {
    // Definitions are objects: what else the RFC patches stands in one.
    expect(mergePatch({ value: target }, { value: patch })).toStrictEqual({ value: result });
  });

  test("of an object is merged at the top as below", () => {
    expect(mergePatch({ a: { b: "c" }, e: null, f: [1] }, { a: { b: "d", c: null }, f: null, g: { h: null } })).toStrictEqual({
      a: { b: "d" },
      e: null,
      g: {},
    });
  });

  test("of null takes a member away, and of nothing leaves all as it is", () => {
    expect(mergePatch({ a: { b: 1 }, c: null }, { a: null })).toStrictEqual({ c: null });
    expect(mergePatch({ a: { b: 1 }, c: null }, {})).toStrictEqual({ a: { b: 1 }, c: null });
    expect(mergePatch({ a: { b: 1 }, c: null }, undefined)).toStrictEqual({ a: { b: 1 }, c: null });
  });

  test("does what the pseudocode of the RFC does, and twice what it does once", () => {
    fc.assert(
      fc.property(object, object, (target, patch) => {
        const merged = mergePatch(target, patch);
        expect(JSON.stringify(merged)).toBe(JSON.stringify(mergeByTheBook(target, patch)));
        expect(JSON.stringify(mergePatch(merged, patch))).toBe(JSON.stringify(merged));
      }),
      { numRuns: 500 },
    );
  });

  test("leaves what it is merged from as it was, and prototypes alone", () => {
    fc.assert(
      fc.property(object, object, (target, patch) => {
        const before = JSON.stringify([target, patch]);
        const merged = mergePatch(target, patch);
        expect(JSON.stringify([target, patch])).toBe(before);
        expect(Object.getPrototypeOf(merged)).toBe(Object.prototype);
      }),
    );
    const patch: unknown = JSON.parse('{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}');
    expect(isObject(patch) && JSON.stringify(mergePatch({}, patch))).toBe(JSON.stringify(patch));
    expect({}).not.toHaveProperty("polluted");
  });
});
