import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { extendColumns, missingSlots, type SlotCounts } from "../../server/src/channels/schema-change.ts";
import { type Column, countSlots, MAX_COLUMNS, planColumns } from "../../server/src/columns/channel-schema.ts";
import { COLUMN_TYPES, SLOT_TYPES } from "../../server/src/columns/column-type.ts";
import { jsonPointer } from "../../server/src/formats/json-pointer.ts";

function columnsOf(schema: Record<string, string>): Column[] {
  const { columns, faults } = planColumns(schema);
  expect(faults).toEqual([]);
  return columns;
}

const shape = ({ name, type, optional }: Column) => ({ name, type, optional });

/** Places and codes of the faults. */
function faultsOf(current: Record<string, string>, wanted: Record<string, string>, slots: SlotCounts = {}) {
  const columns = columnsOf(current);
  const extended = extendColumns(columns, columnsOf(wanted), { ...countSlots(columns), ...slots });
  return extended.faults.map(({ pointer, code }) => [pointer, code]);
}

describe("slots that are missing", () => {
  test("are of the types of which the columns need more than there are, with all that they need", () => {
    const columns = columnsOf({ a: "float", b: "float", c: "int", d: "int64", e: "str" });
    expect(missingSlots(columns, { float8: 1, int8: 2 })).toEqual([
      { type: "float8", count: 2 },
      { type: "text", count: 1 },
    ]);
    expect(missingSlots(columns, {})).toEqual([
      { type: "float8", count: 2 },
      { type: "int8", count: 2 },
      { type: "text", count: 1 },
    ]);
  });

  test("are none where there are as many as needed, or more", () => {
    const columns = columnsOf({ a: "float", b: "dict" });
    expect(missingSlots(columns, { float8: 1, jsonb: 1 })).toEqual([]);
    expect(missingSlots(columns, { float8: 9, jsonb: 9, bool: 9 })).toEqual([]);
    expect(missingSlots([], {})).toEqual([]);
  });

  test("are never more than a channel may have columns", () => {
    const many = (count: number) =>
      Array.from({ length: count }, (_, index): Column => ({
        name: `c${index}`,
        type: "int",
        optional: true,
        slot: `int8_${index + 1}`,
      }));
    expect(missingSlots(many(MAX_COLUMNS), {})).toEqual([{ type: "int8", count: MAX_COLUMNS }]);
    expect(missingSlots(many(MAX_COLUMNS + 1), {})).toEqual([]);
  });
});

describe("a channel with rows", () => {
  test("gets new columns in free slots, behind the others", () => {
    const current = columnsOf({ a: "float", b: "str" });
    const wanted = columnsOf({ c: "optional[number]", b: "text", d: "optional[int]" });
    expect(extendColumns(current, wanted, { float8: 2, text: 1, int8: 1 })).toEqual({
      columns: [
        { name: "a", type: "float", optional: false, slot: "float8_1" },
        { name: "b", type: "str", optional: false, slot: "text_1" },
        { name: "c", type: "float", optional: true, slot: "float8_2" },
        { name: "d", type: "int", optional: true, slot: "int8_1" },
      ],
      faults: [],
    });
  });

  test("fills a gap among its slots first", () => {
    const current: Column[] = [{ name: "b", type: "int", optional: false, slot: "int8_2" }];
    const { columns } = extendColumns(current, columnsOf({ c: "optional[int64]", d: "optional[int]" }), { int8: 3 });
    expect(columns.map(({ slot }) => slot)).toEqual(["int8_2", "int8_1", "int8_3"]);
  });

  test("makes a column optional, and not the other way round", () => {
    expect(extendColumns(columnsOf({ a: "int" }), columnsOf({ a: "optional[integer]" }), { int8: 1 })).toEqual({
      columns: [{ name: "a", type: "int", optional: true, slot: "int8_1" }],
      faults: [],
    });
    expect(faultsOf({ a: "optional[int]" }, { a: "int" })).toEqual([["/channel_schema/a", "type_change"]]);
  });

  test.for([
    ["int", "int64"],
    ["int", "float"],
    ["str", "uuid"],
    ["dict", "list"],
    ["int", "optional[float]"],
  ] as const)("does not change %s to %s, even in the same slot", ([before, after]) => {
    expect(faultsOf({ "m/s": before }, { "m/s": after }, { int8: 9, float8: 9, uuid: 9 })).toEqual([
      ["/channel_schema/m~1s", "type_change"],
    ]);
  });

  test("has no value for a new column that needs one", () => {
    expect(faultsOf({ a: "int" }, { b: "int" }, { int8: 9 })).toEqual([["/channel_schema/b", "not_optional"]]);
  });

  test("gets no column that is a path into another, nor one that others are paths into", () => {
    expect(faultsOf({ a: "dict" }, { "a.b": "optional[int]" }, { int8: 9 })).toEqual([["/channel_schema/a.b", "ambiguous_name"]]);
    expect(faultsOf({ "a.b": "int" }, { A: "optional[dict]" }, { jsonb: 9 })).toEqual([["/channel_schema/A", "ambiguous_name"]]);
    expect(faultsOf({ "a.b": "int" }, { a: "optional[str]", "a.c": "optional[dict]" }, { text: 9, jsonb: 9 })).toEqual([]);
  });

  test.for([
    ["Temp", "temp"],
    ["straße", "STRASSE"],
    ["οδοσ", "ΟΔΟΣ"],
  ] as const)("takes no name that differs only in case: %s and %s", ([before, after]) => {
    expect(faultsOf({ [before]: "int" }, { [after]: "optional[int]" }, { int8: 9 })).toEqual([
      [`/channel_schema/${after}`, "duplicate_name"],
    ]);
  });

  test("takes no column where no slot is free, and none beyond the last", () => {
    expect(faultsOf({ a: "int" }, { b: "optional[int]" })).toEqual([["/channel_schema/b", "too_many_columns"]]);
    const full = Object.fromEntries(Array.from({ length: MAX_COLUMNS }, (_, index) => [`c${index}`, "int"]));
    expect(faultsOf(full, { more: "optional[str]" }, { text: 9 })).toEqual([["/channel_schema/more", "too_many_columns"]]);
  });

  test("keeps what it has, whatever is wanted, and puts each column into a slot of its own that there is", () => {
    const name = fc.constantFrom("a", "b", "c", "d", "A", "é", "É", "m/s");
    const type = fc.constantFrom(...COLUMN_TYPES.flatMap((each) => [each, `optional[${each}]`]));
    const schema = fc.dictionary(name, type, { minKeys: 1 });
    const counts = fc.record(Object.fromEntries(SLOT_TYPES.map((slot) => [slot, fc.integer({ min: 0, max: 3 })])));
    fc.assert(
      fc.property(schema, schema, counts, (current, wanted, spare) => {
        const { columns: before } = planColumns(current);
        const { columns: asked } = planColumns(wanted);
        const slots = countSlots(before);
        for (const slot of SLOT_TYPES) slots[slot] = (slots[slot] ?? 0) + (spare[slot] ?? 0);
        const { columns: after, faults } = extendColumns(before, asked, slots);

        expect(after.slice(0, before.length).map(({ name, type, slot }) => [name, type, slot])).toEqual(
          before.map(({ name, type, slot }) => [name, type, slot]),
        );
        expect(new Set(after.map(({ slot }) => slot)).size).toBe(after.length);
        expect(missingSlots(after, slots)).toEqual([]);
        for (const { slot } of after) expect(Number(slot.split("_")[1])).toBeLessThanOrEqual(Math.max(...Object.values(slots)));
        for (const { optional } of after.slice(before.length)) expect(optional).toBe(true);
        const refused = new Set(faults.map(({ pointer }) => pointer));
        const taken = asked.filter(({ name }) => !refused.has(jsonPointer(["channel_schema", name])));
        expect(after).toEqual(expect.arrayContaining(taken.map((column) => expect.objectContaining(shape(column)))));
      }),
      { numRuns: 500 },
    );
  });
});
