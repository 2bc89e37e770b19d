import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { COLUMN_TYPES, type ColumnType, TYPE_RULES } from "../../server/src/columns/column-type.ts";
import { checkDocument, ValueFault } from "../../server/src/columns/value-check.ts";

const UUID = "6e8bc430-9c3a-4f5c-8d2e-2f1c9a7b4d10";

/** What goes to the database, or the code of the refusal in brackets. */
function outcome(type: ColumnType, value: unknown): unknown {
  const stored = TYPE_RULES[type].check(value);
  return stored instanceof ValueFault ? `[${stored.code}]` : stored;
}

/** A value as it comes from a body. */
function json(text: string): unknown {
  return JSON.parse(text);
}

describe("every type", () => {
  const GOOD: Record<ColumnType, unknown> = {
    str: "a",
    int: 1,
    int64: "1",
    float: 1.5,
    bool: true,
    uuid: UUID,
    datetime: "2024-03-01T00:00:00Z",
    dict: {},
    list: [],
  };
  /** Text that another type takes is good text, and a whole number a good float and a good int64. */
  const ALSO: Partial<Record<ColumnType, readonly ColumnType[]>> = {
    str: ["int64", "uuid", "datetime"],
    float: ["int"],
    int64: ["int"],
  };

  test.for(COLUMN_TYPES)("%s takes its own values and refuses those of the others, without guessing", (type) => {
    const taken = COLUMN_TYPES.filter((other) => !(TYPE_RULES[type].check(GOOD[other]) instanceof ValueFault));
    expect(taken.toSorted()).toEqual([type, ...(ALSO[type] ?? [])].toSorted());
  });
});

describe("float", () => {
  test.for([0, 1, -1.5, 5e-324, Number.MAX_VALUE, 2 ** 53 + 2, 0.1])("takes %d as it is", (value) => {
    expect(outcome("float", value)).toBe(value);
  });

  test("keeps the sign of zero on the way to the database", () => {
    // A driver writes numbers with String(), which turns -0 into 0.
    expect(Object.is(Number(String(outcome("float", json("-0.0")))), -0)).toBe(true);
    expect(String(outcome("float", json("0")))).toBe("0");
  });

  test.for(["1e999", "-1e999", '"1"', '"NaN"', '"Infinity"', '""', "true", "false", "null", "[1]", "{}"])(
    "refuses %s",
    (text) => {
      expect(outcome("float", json(text))).toBe("[not_a_number]");
    },
  );

  test("refuses what is no finite number", () => {
    expect([Number.NaN, Number.POSITIVE_INFINITY, 1n].map((value) => outcome("float", value))).toEqual(
      Array.from({ length: 3 }, () => "[not_a_number]"),
    );
  });
});

describe("int", () => {
  test.for(["9007199254740991", "-9007199254740991", "0", "1.0", "1e3"])("takes %s", (text) => {
    expect(outcome("int", json(text))).toBe(Number(text));
  });

  test("takes -0 as 0", () => {
    expect(String(outcome("int", json("-0")))).toBe("0");
  });

  test.for(
    [
      ["9007199254740992", "-9007199254740992", "9007199254740993", "1e999", "1.5", "1e-7", "9223372036854775807"],
      ['"1"', '"9007199254740993"', "true", "false", "null", "[1]", "{}"],
    ].flat(),
  )("refuses %s", (text) => {
    expect(outcome("int", json(text))).toBe("[not_an_integer]");
  });
});

describe("int64", () => {
  test.for(["0", "-1", "9007199254740993", "9223372036854775807", "-9223372036854775808"])("takes %s", (text) => {
    expect(outcome("int64", text)).toBe(text);
  });

  test("takes every 64-bit integer, and nothing beyond", () => {
    const min = -(2n ** 63n);
    const max = 2n ** 63n - 1n;
    const integer = fc.oneof(fc.bigInt({ min: min * 2n, max: max * 2n }), fc.bigInt({ min, max }));
    fc.assert(
      fc.property(integer, (integer) => {
        const isInside = integer >= min && integer <= max;
        expect(outcome("int64", String(integer))).toBe(isInside ? String(integer) : "[not_an_int64]");
      }),
    );
  });

  test.for<[unknown, string]>([
    ["3.0", "3"],
    ["-9223372036854775808.000", "-9223372036854775808"],
    [1, "1"],
    [3.0, "3"],
    [-0, "0"],
    [-(2 ** 53 - 1), "-9007199254740991"],
  ])("takes a whole number written in another way: %j", ([value, text]) => {
    expect(outcome("int64", value)).toBe(text);
  });

  test.for<unknown>(
    [
      ["9223372036854775808", "-9223372036854775809", "", "-", "+1", " 1", "1 ", "1\n", "1.", "1.01", "1e3", "0x10", "1_000"],
      ["9223372036854775808.0", ".0", "1.0.0", "١", "--1", "NaN", 1.5, 2 ** 53, 2 ** 53 + 2, true, false, ["1"], {}, null],
    ].flat(),
  )("refuses %j", (value) => {
    expect(outcome("int64", value)).toBe("[not_an_int64]");
  });

  test("refuses a megabyte of digits", () => {
    expect(outcome("int64", "9".repeat(1_048_576))).toBe("[not_an_int64]");
  });
});

describe("bool", () => {
  test("takes true and false", () => {
    expect([outcome("bool", true), outcome("bool", false)]).toEqual([true, false]);
  });

  test.for([0, 1, "true", "false", "t", "", null, [], {}])("refuses %j", (value) => {
    expect(outcome("bool", value)).toBe("[not_a_boolean]");
  });
});

describe("str", () => {
  test("takes all text that PostgreSQL can keep", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        expect(outcome("str", text)).toBe(text.includes("\0") ? "[not_storable]" : text);
      }),
    );
  });

  test.for([
    String.raw`"\u0000"`,
    String.raw`"a\u0000b"`,
    String.raw`"\ud800"`,
    String.raw`"\udc00\ud800"`,
    String.raw`"a\udfff"`,
  ])("refuses %s", (text) => {
    expect(outcome("str", json(text))).toBe("[not_storable]");
  });

  test("takes a surrogate pair, white space and nothing", () => {
    expect([String.raw`"\ud83d\ude00"`, '""', String.raw`"\t\n "`].map((text) => outcome("str", json(text)))).toEqual([
      "😀",
      "",
      "\t\n ",
    ]);
  });

  test.for([1, true, null, ["a"], {}])("refuses %j", (value) => {
    expect(outcome("str", value)).toBe("[not_a_string]");
  });
});

describe("uuid", () => {
  test("takes either case, and any version", () => {
    const others = [UUID.toUpperCase(), "00000000-0000-0000-0000-000000000000", "01890a5d-ac96-774b-bcce-b302099a8057"];
    expect([UUID, ...others].map((value) => String(outcome("uuid", value)).toLowerCase())).toEqual(
      [UUID, ...others].map((value) => value.toLowerCase()),
    );
  });

  // PostgreSQL would take most of these.
  test.for(
    [
      [UUID.replaceAll("-", ""), `{${UUID}}`, `urn:uuid:${UUID}`, ` ${UUID}`, `${UUID}\n`, `${UUID}0`, UUID.slice(1)],
      [UUID.replace("6", "g"), "6e8bc4309c3a-4f5c-8d2e-2f1c-9a7b4d10", "", 1, true, null, {}],
    ].flat(),
  )("refuses %j", (value) => {
    expect(outcome("uuid", value)).toBe("[not_a_uuid]");
  });
});

describe("datetime", () => {
  test.for([
    ["2024-03-01T01:00:00.000001+01:00", "2024-03-01T00:00:00.000001Z"],
    ["2024-03-01", "2024-03-01T00:00:00.000000Z"],
    ["2024-03-01 01:00+01", "2024-03-01T00:00:00.000000Z"],
    ["0001-01-01", "0001-01-01T00:00:00.000000Z"],
    ["9999-12-31T23:59:59.999999Z", "9999-12-31T23:59:59.999999Z"],
  ] as const)("takes %s", ([text, stored]) => {
    expect(outcome("datetime", text)).toBe(stored);
  });

  test.for(["2024-03-01T00:00:00", "2024-02-30", "infinity", "now", "", 0, 1_709_251_200, true, null, {}])(
    "refuses %j",
    (value) => {
      expect(outcome("datetime", value)).toBe("[not_a_datetime]");
    },
  );
});

describe("dict and list", () => {
  test("take documents as their JSON", () => {
    const dict = '{"a":[1,{"b":[null,true,"x",0.1]}],"__proto__":{"c":1},"toJSON":"d","":{}}';
    expect(outcome("dict", json(dict))).toBe(dict);
    expect(outcome("list", json(`[${dict},[]]`))).toBe(`[${dict},[]]`);
  });

  test("refuse each other, and what is neither", () => {
    expect(["[]", '"{}"', "1", "true"].map((text) => outcome("dict", json(text)))).toEqual(
      Array.from({ length: 4 }, () => "[not_an_object]"),
    );
    expect(['{"0":1,"length":1}', '"[]"', "1", "true"].map((text) => outcome("list", json(text)))).toEqual(
      Array.from({ length: 4 }, () => "[not_a_list]"),
    );
  });

  const PLACES = ["[@]", "[[[0,@]]]", '[{"a":@}]', '[{"a":{"b":[0,{"c":@}]}}]', '[{"__proto__":@}]'];

  test.for([
    ...["9007199254740992", "-9007199254740992", "9007199254740993", "1e999", "-1e999"].map((text) => [text, "number_too_large"]),
    ...[String.raw`"\u0000"`, String.raw`"a\ud800"`, String.raw`{"\u0000":1}`, String.raw`{"a\udc00":1}`].map((text) => [
      text,
      "not_storable",
    ]),
  ])("refuse %s wherever it stands: %s", ([text = "", code]) => {
    for (const place of PLACES) {
      const list = json(place.replace("@", () => text));
      expect(outcome("list", list)).toBe(`[${code}]`);
      expect(outcome("dict", { list })).toBe(`[${code}]`);
      expect(checkDocument(list)?.code).toBe(code);
    }
  });

  test("refuse numbers that would be stored with far more digits than were sent", () => {
    expect(
      outcome(
        "list",
        Array.from({ length: 3_333 }, () => -1e-300),
      ),
    ).toMatch(/^\[-1e-300,/);
    expect(
      outcome(
        "list",
        Array.from({ length: 3_334 }, () => -1e-300),
      ),
    ).toBe("[too_large]");
    expect(outcome("dict", { list: Array.from({ length: 3_334 }, () => ({ x: 1e-300 })) })).toBe("[too_large]");
    // What is written without an exponent takes as much as was sent.
    expect(
      outcome(
        "list",
        Array.from({ length: 200_000 }, () => 0.000_001),
      ),
    ).not.toBe("[too_large]");
    expect(
      outcome(
        "list",
        Array.from({ length: 200_000 }, () => 0),
      ),
    ).not.toBe("[too_large]");
  });

  test("count a digit for each power of ten below one", () => {
    const tiny = fc.tuple(fc.double({ min: 1, max: 9.99, noNaN: true }), fc.integer({ min: 8, max: 307 }));
    const list = (number: number, digits: number) => Array.from({ length: Math.floor(1_000_000 / digits) + 1 }, () => number);
    fc.assert(
      fc.property(tiny, ([mantissa, exponent]) => {
        const number = Number(`${mantissa}e-${exponent}`);
        expect(outcome("list", list(number, exponent - 1))).toBe("[too_large]");
        expect(outcome("list", list(number, exponent + 1))).not.toBe("[too_large]");
      }),
      { numRuns: 20 },
    );
  });

  test.for(["9007199254740991", "-9007199254740991", "5e-324", "0.1", "-1.5", "null", "false", '"é"', '"😀"', "[]", "{}"])(
    "take %s wherever it stands",
    (text) => {
      for (const place of PLACES) {
        const list = json(place.replace("@", () => text));
        expect(outcome("list", list)).toBe(JSON.stringify(list));
        expect(checkDocument(list)).toBeNull();
      }
    },
  );
});
