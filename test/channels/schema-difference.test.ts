import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Column, countSlots, planColumns } from "../../server/src/columns/channel-schema.ts";
import { COLUMN_TYPES } from "../../server/src/columns/column-type.ts";
import { extendColumns } from "../../server/src/channels/schema-change.ts";
import { schemaDifferences } from "../../server/src/channels/schema-difference.ts";

function columnsOf(schema: Record<string, string>): Column[] {
  return planColumns(schema).columns;
}

/** What differs, as place and code. */
function differences(stored: Record<string, string>, given: Record<string, string>, mayHaveGrown = false): string[] {
  return schemaDifferences(columnsOf(stored), columnsOf(given), mayHaveGrown).map(({ pointer, code }) => `${pointer} ${code}`);
}

const type = fc.constantFrom(...COLUMN_TYPES.flatMap((type) => [type, `optional[${type}]`]));
const schema = fc.dictionary(fc.stringMatching(/^[a-z]{1,3}$/), type, { minKeys: 1, noNullPrototype: true });

describe("two schemas are the same", () => {
  const pairs = schema
    .map((declared) => Object.entries(declared))
    .chain((entries) => fc.tuple(fc.constant(entries), fc.shuffledSubarray(entries, { minLength: entries.length })));

  test("in whatever order they are declared", () => {
    fc.assert(
      fc.property(pairs, ([declared, shuffled]) => {
        expect(differences(Object.fromEntries(declared), Object.fromEntries(shuffled))).toEqual([]);
      }),
    );
  });

  test("whichever alias they use", () => {
    expect(differences({ a: "float", b: "optional[json]" }, { time: "date", b: "optional[jsonb]", a: "number" })).toEqual([]);
  });
});

describe("two schemas differ", () => {
  test.for<[Record<string, string>, string[]]>([
    [{ a: "float" }, ["/channel_schema/b missing"]],
    [{ a: "float", b: "str", c: "int" }, ["/channel_schema/c unknown_column"]],
    [{ a: "float", c: "str" }, ["/channel_schema/c unknown_column", "/channel_schema/b missing"]],
    [{ a: "float", b: "optional[str]" }, ["/channel_schema/b other_type"]],
    [{ a: "str", b: "float" }, ["/channel_schema/a other_type", "/channel_schema/b other_type"]],
    [{ A: "float", b: "str" }, ["/channel_schema/A unknown_column", "/channel_schema/a missing"]],
  ])("%j", ([given, places]) => {
    expect(differences({ a: "float", b: "str" }, given)).toEqual(places);
    expect(differences(given, { a: "float", b: "str" })).not.toEqual([]);
    // None of these is what the schema grew from.
    expect(differences({ a: "float", b: "str" }, given, true)).toEqual(places);
  });

  test("between types that share a slot type", () => {
    expect(differences({ a: "int" }, { a: "int64" })).toEqual(["/channel_schema/a other_type"]);
    expect(differences({ a: "optional[dict]" }, { a: "list" }, true)).toEqual(["/channel_schema/a other_type"]);
  });
});

describe("a schema that has grown", () => {
  test("may have optional columns more, and optional what was required", () => {
    const stored = { a: "optional[float]", b: "str", c: "optional[int]" };
    expect(differences(stored, { a: "float", b: "str" }, true)).toEqual([]);
    expect(differences(stored, { a: "float", b: "str" })).toEqual(["/channel_schema/a other_type", "/channel_schema/c missing"]);
  });

  test("takes back whatever a channel with rows may be changed from", () => {
    fc.assert(
      fc.property(schema, schema, (before, change) => {
        const current = columnsOf(before);
        const wanted = columnsOf(change);
        const { columns, faults } = extendColumns(current, wanted, countSlots([...current, ...wanted]));
        fc.pre(faults.length === 0);
        expect(schemaDifferences(columns, current, true)).toEqual([]);
      }),
    );
  });
});
