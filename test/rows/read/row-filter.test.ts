import type { Condition } from "@kronicle/client/filter-grammar";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { planColumns } from "../../../server/src/columns/channel-schema.ts";
import { COLUMN_TYPES, type ColumnType } from "../../../server/src/columns/column-type.ts";
import { FaultList } from "../../../server/src/problems/fault.ts";
import { planFilters, TIME_COLUMN } from "../../../server/src/rows/read/row-filter.ts";

/** One column of each type, by the name of its type. */
const { columns: COLUMNS } = planColumns(Object.fromEntries(COLUMN_TYPES.map((type) => [type, type])));

const UUID = "6e8bc430-9c3a-4f5c-8d2e-2f1c9a7b4d10";

/** A text that each type reads a value from. */
const GOOD: Readonly<Record<ColumnType, string>> = {
  str: "a",
  int: "1",
  int64: "9007199254740993",
  float: "1.5",
  bool: "true",
  uuid: UUID,
  datetime: "2024-03-01T00:00:00Z",
  dict: "{}",
  list: "[]",
};

function plan(...conditions: Condition[]) {
  const faults = new FaultList();
  const asked = conditions.map((condition) => Object.assign(condition, { form: "brackets" as const }));
  const filters = planFilters(COLUMNS, asked, faults);
  return { filters, faults: faults.found };
}

function columnOf(name: string) {
  const column = COLUMNS.find((column) => column.name === name);
  if (!column) throw new Error(`no column ${name}`);
  return column;
}

const col = (column: string, value: string, path: readonly string[] = []): Condition => ({
  operator: "col",
  column,
  path,
  value,
});
const any = (column: string, values: readonly string[], path: readonly string[] = []): Condition => ({
  operator: "any",
  column,
  path,
  values,
});
const bound = (operator: "min" | "max" | "has", column: string, value: string): Condition => ({ operator, column, value });
const isNull = (column: string, isNull: boolean): Condition => ({ operator: "null", column, isNull });

/** Parameter and code of the only fault, when nothing is planned. */
function faultOf(condition: Condition) {
  const { filters, faults } = plan(condition);
  expect(filters).toEqual([]);
  expect(faults).toHaveLength(1);
  return faults[0];
}

describe("which operator takes which type", () => {
  const TAKEN: readonly (readonly [what: string, condition: (type: ColumnType) => Condition, types: readonly ColumnType[]])[] = [
    ["col", (type) => col(type, GOOD[type]), ["str", "int", "int64", "float", "bool", "uuid", "datetime"]],
    ["any", (type) => any(type, [GOOD[type]]), ["str", "int", "int64", "float", "bool", "uuid", "datetime"]],
    ["col with a path", (type) => col(type, "x", ["key"]), ["dict"]],
    ["any with a path", (type) => any(type, ["x"], ["key"]), ["dict"]],
    ["min", (type) => bound("min", type, GOOD[type]), ["int", "int64", "float", "datetime"]],
    ["max", (type) => bound("max", type, GOOD[type]), ["int", "int64", "float", "datetime"]],
    ["has", (type) => bound("has", type, "x"), ["list"]],
    ["null", (type) => isNull(type, true), COLUMN_TYPES],
  ];

  test.each(TAKEN)("%s", (_what, condition, types) => {
    for (const type of COLUMN_TYPES) {
      const { filters, faults } = plan(condition(type));
      expect([type, filters.length, faults.map(({ code }) => code)]).toEqual(
        types.includes(type) ? [type, 1, []] : [type, 0, ["wrong_type"]],
      );
    }
  });
});

describe("a filter", () => {
  test("has its values as they are stored", () => {
    expect(
      plan(
        col("int", "2"),
        any("float", ["-0", "1e2", "2.5"]),
        bound("min", "datetime", "2024-03-01"),
        bound("max", "int64", "-9223372036854775808"),
        col("bool", "false"),
        col("uuid", UUID.toUpperCase()),
        col("str", "null"),
        isNull("list", false),
      ),
    ).toEqual({
      filters: [
        { kind: "in", column: columnOf("int"), values: [2] },
        { kind: "in", column: columnOf("float"), values: ["-0", 100, 2.5] },
        { kind: "at-least", column: columnOf("datetime"), value: "2024-03-01T00:00:00.000000Z" },
        { kind: "at-most", column: columnOf("int64"), value: "-9223372036854775808" },
        { kind: "in", column: columnOf("bool"), values: [false] },
        { kind: "in", column: columnOf("uuid"), values: [UUID.toUpperCase()] },
        { kind: "in", column: columnOf("str"), values: ["null"] },
        { kind: "null", column: columnOf("list"), isNull: false },
      ],
      faults: [],
    });
  });

  test("looks in documents for whatever JSON a text may stand for", () => {
    expect(plan(any("dict", ["Ann", "3", "true"], ["author", "age"]), bound("has", "list", "1.50")).filters).toEqual([
      {
        kind: "path-in",
        column: columnOf("dict"),
        path: ["author", "age"],
        documents: ['"Ann"', '"3"', "3", '"true"', "true"],
      },
      { kind: "contains", column: columnOf("list"), documents: ['"1.50"', "1.5"] },
    ]);
  });

  test("may be on time, which always has a value", () => {
    expect(plan(col("time", "2024-03-01T01:00:00+01:00"), bound("min", "time", "2024-03-01")).filters).toEqual([
      { kind: "in", column: TIME_COLUMN, values: ["2024-03-01T00:00:00.000000Z"] },
      { kind: "at-least", column: TIME_COLUMN, value: "2024-03-01T00:00:00.000000Z" },
    ]);
    expect(faultOf(isNull("time", false))).toMatchObject({ parameter: "null[time]", code: "wrong_type" });
  });

  test("of any with no value finds nothing, and is no fault", () => {
    expect(plan(any("int", []))).toEqual({ filters: [{ kind: "in", column: columnOf("int"), values: [] }], faults: [] });
  });
});

describe("a fault", () => {
  test("names its parameter as it was written, and leaves the other filters alone", () => {
    const { filters, faults } = plan(
      col("int", "x"),
      col("float", "1"),
      any("list", ["1"], ["a", "b"]),
      bound("max", "bool", "true"),
    );
    expect(filters).toEqual([{ kind: "in", column: columnOf("float"), values: [1] }]);
    expect(faults.map(({ parameter, code }) => [parameter, code])).toEqual([
      ["col[int]", "not_an_integer"],
      ["any[list.a.b]", "wrong_type"],
      ["max[bool]", "wrong_type"],
    ]);
  });

  test("says what to do instead of comparing whole documents", () => {
    expect(faultOf(col("dict", "{}"))?.detail).toContain("use col[dict.key]");
    expect(faultOf(any("dict", ["{}"]))?.detail).toContain("use any[dict.key]");
    expect(faultOf(col("list", "[]"))?.detail).toContain("use has[list]");
  });

  test("guesses the column that was meant", () => {
    expect(faultOf(col("floot", "1"))).toEqual({
      parameter: "col[floot]",
      code: "unknown_column",
      detail: 'the channel has no column "floot"; did you mean "float"?',
    });
    expect(faultOf(col("tme", "1"))?.detail).toContain('did you mean "time"');
  });

  test.for(["constructor", "toString", "__proto__", "hasOwnProperty", "received_at", "_row", "Float", "float8_1", ""])(
    "tells of the unknown column %j",
    (name) => {
      for (const condition of [col(name, "1"), bound("min", name, "1"), bound("has", name, "1"), isNull(name, true)]) {
        expect(faultOf(condition)?.code).toBe("unknown_column");
      }
    },
  );

  test.for([
    ["int", "1.5", "not_an_integer"],
    ["int", "9007199254740993", "not_an_integer"],
    ["int", "", "not_an_integer"],
    ["int", " 1", "not_an_integer"],
    ["int", "0x10", "not_an_integer"],
    ["int64", "9223372036854775808", "not_an_int64"],
    ["int64", "1e3", "not_an_int64"],
    ["float", "NaN", "not_a_number"],
    ["float", "Infinity", "not_a_number"],
    ["float", "1e400", "not_a_number"],
    ["bool", "TRUE", "not_a_boolean"],
    ["bool", "1", "not_a_boolean"],
    ["uuid", UUID.replaceAll("-", ""), "not_a_uuid"],
    ["datetime", "2024-02-30", "not_a_datetime"],
    ["datetime", "2024-03-01T00:00:00", "not_a_datetime"],
    ["datetime", "infinity", "not_a_datetime"],
  ] as const)("tells of a value that %s does not take: %j", ([column, text, code]) => {
    expect(faultOf(col(column, text))?.code).toBe(code);
    expect(faultOf(any(column, [GOOD[column], text]))?.code).toBe(code);
    expect(faultOf(bound("min", column, text))?.code).toBe(column === "bool" || column === "uuid" ? "wrong_type" : code);
  });

  test.for(["\0", "a\0b", "\ud800", "\udc00\ud800"])("tells of text that no database can hold: %j", (text) => {
    for (const condition of [
      col("str", text),
      any("str", ["a", text]),
      col("dict", text, ["a"]),
      col("dict", "a", ["b", text]),
      any("dict", ["a", text], ["b"]),
      bound("has", "list", text),
      bound("min", "datetime", text),
    ]) {
      expect(faultOf(condition)?.code).toBe("not_storable");
    }
  });
});

describe("whatever is asked", () => {
  const name = fc.oneof(fc.constantFrom("time", ...COLUMN_TYPES), fc.string({ unit: "binary" }));
  const value = fc.oneof(fc.constantFrom(...Object.values(GOOD)), fc.string({ unit: "binary" }), fc.double().map(String));
  const path = fc.array(fc.string(), { maxLength: 3 });
  const condition: fc.Arbitrary<Condition> = fc.oneof(
    fc.record({ operator: fc.constant("col"), column: name, path, value }),
    fc.record({ operator: fc.constant("any"), column: name, path, values: fc.array(value) }),
    fc.record({ operator: fc.constantFrom("min", "max", "has"), column: name, value }),
    fc.record({ operator: fc.constant("null"), column: name, isNull: fc.boolean() }),
  );

  test("each condition is one filter or one fault, in their order", () => {
    fc.assert(
      fc.property(fc.array(condition), (conditions) => {
        const each = conditions.map((condition) => plan(condition));
        for (const { filters, faults } of each) expect(filters.length + faults.length).toBe(1);
        expect(plan(...conditions)).toEqual({
          filters: each.flatMap(({ filters }) => filters),
          faults: each.flatMap(({ faults }) => faults),
        });
      }),
    );
  });
});
