import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Column, planColumns } from "../../../server/src/columns/channel-schema.ts";
import { MAX_FAULTS } from "../../../server/src/problems/fault.ts";
import { instantOf, parseInstant } from "../../../server/src/formats/instant.ts";
import { batchRows } from "../../../server/src/rows/append/row-batch.ts";
import { UnreadableRow } from "../../../server/src/rows/append/formats/text-rows.ts";

const NOW = instantOf(Date.parse("2024-03-01T12:00:00.250Z"));
const LATEST = instantOf(Date.parse("2024-03-02T12:00:00.250Z"));
const LIMITS = { timeRule: "optional", now: NOW, latest: LATEST } as const;
const TIME = "2024-03-01T00:00:00Z";

function columnsOf(schema: Record<string, string>): Column[] {
  return planColumns(schema).columns;
}

function batch(schema: Record<string, string>, rows: readonly unknown[]) {
  return batchRows(columnsOf(schema), rows, LIMITS, true);
}

/** Places and codes of the faults. */
function faultsOf(schema: Record<string, string>, rows: readonly unknown[]) {
  return batch(schema, rows).faults.map(({ pointer, code }) => [pointer, code]);
}

/** A row as it comes from a body: `__proto__` is a key like any other there. */
function json(text: string): unknown {
  return JSON.parse(text);
}

describe("good rows", () => {
  test("become one array for each column, with null where an optional column has nothing", () => {
    const rows = [
      { time: "2024-03-01T01:00:00.000001+01:00", note: "a", temperature: 1.5 },
      { temperature: 2, time: "2024-02-29T23:59:59Z", note: null },
      { time: "2024-03-01T11:00:00Z", temperature: -3 },
    ];
    expect(batch({ temperature: "float", note: "optional[str]" }, rows).batch).toEqual({
      count: 3,
      times: ["2024-03-01T00:00:00.000001Z", "2024-02-29T23:59:59.000000Z", "2024-03-01T11:00:00.000000Z"],
      values: [
        [1.5, 2, -3],
        ["a", null, null],
      ],
      firstTime: "2024-02-29T23:59:59.000000Z",
      lastTime: "2024-03-01T11:00:00.000000Z",
      days: new Set([19_782, 19_783]),
    });
  });

  test("keep each value with its row and its column, whatever is absent", () => {
    const row = fc.record(
      { time: fc.constant(TIME), a: fc.integer(), b: fc.string({ minLength: 1 }), c: fc.boolean() },
      { requiredKeys: ["a"] },
    );
    fc.assert(
      fc.property(fc.array(row, { minLength: 1 }), (rows) => {
        const { batch: stored } = batch({ a: "int", b: "optional[str]", c: "optional[bool]" }, rows);
        expect(stored?.count).toBe(rows.length);
        expect(stored?.times).toEqual(rows.map(({ time }) => (time === undefined ? NOW.text : parseInstant(time)?.text)));
        expect(stored?.values).toEqual([rows.map(({ a }) => a), rows.map(({ b }) => b ?? null), rows.map(({ c }) => c ?? null)]);
      }),
    );
  });

  test("without a time get the time of now", () => {
    expect(batch({ a: "int" }, [{ a: 1 }]).batch).toMatchObject({
      times: [NOW.text],
      firstTime: NOW.text,
      lastTime: NOW.text,
      days: new Set([NOW.day]),
    });
  });

  test.for([
    ["optional", NOW.text, "not_a_time"],
    ["received", NOW.text, NOW.text],
    ["required", "missing", "missing"],
  ] as const)("without a time, or with null for one, are judged by the rule: %s", ([timeRule, absent, nothing]) => {
    const judge = (row: object) => {
      const { batch, faults } = batchRows(columnsOf({ a: "int" }), [row], { ...LIMITS, timeRule }, true);
      return batch ? batch.times : faults.map(({ pointer, code }) => [pointer, code]);
    };
    const outcome = (text: string) => [text === NOW.text ? text : ["/rows/0/time", text]];
    expect(judge({ a: 1 })).toEqual(outcome(absent));
    expect(judge({ a: 1, time: null })).toEqual(outcome(nothing));
    expect(judge({ a: 1, time: TIME })).toEqual(["2024-03-01T00:00:00.000000Z"]);
  });

  test("may be as late as the limit, to the microsecond", () => {
    const { batch: stored } = batch({ a: "int" }, [{ time: "2024-03-02T13:00:00.250000+01:00", a: 1 }]);
    expect(stored).toMatchObject({ firstTime: LATEST.text, lastTime: LATEST.text });
  });

  test("may have the same time", () => {
    const rows = [1, 2].map((a) => ({ time: TIME, a }));
    expect(batch({ a: "int" }, rows).batch).toMatchObject({ count: 2, values: [[1, 2]] });
  });

  test("may use columns that objects have by nature", () => {
    const schema = { constructor: "str", toString: "optional[str]", hasOwnProperty: "optional[str]" };
    const rows: unknown[] = [{ constructor: "a" }, { constructor: "b", toString: "c", hasOwnProperty: "d" }];
    expect(batch(schema, rows).batch?.values).toEqual([
      ["a", "b"],
      [null, "c"],
      [null, "d"],
    ]);
  });
});

describe("the time of a row", () => {
  test("a microsecond past the limit is too late", () => {
    const row = { time: "2024-03-02T12:00:00.250001Z", a: 1 };
    expect(faultsOf({ a: "int" }, [{ a: 1 }, row])).toEqual([["/rows/1/time", "time_too_late"]]);
  });

  test.for([
    "2024-03-01",
    "2024-03-01T00:00:00",
    "2024-02-30T00:00:00Z",
    "0000-06-01T00:00:00Z",
    "",
    0,
    1_709_251_200,
    null,
    true,
    [TIME],
  ])("is never guessed: %j is refused", (time) => {
    expect(faultsOf({ a: "int" }, [{ time, a: 1 }])).toEqual([["/rows/0/time", "not_a_time"]]);
  });

  test.for(["Time", "TIME", "tíme", "time ", "timestamp"])("misspelt as %j is refused, not replaced by now", (name) => {
    expect(faultsOf({ a: "int" }, [{ [name]: TIME, a: 1 }])).toEqual([[`/rows/0/${name}`, "unknown_column"]]);
  });
});

describe("faults", () => {
  test("name the row and the column, ~ and / escaped", () => {
    const schema = { "m/s": "float", ok: "bool" };
    const rows = [
      { "m/s": "1", ok: true },
      { "m/s": 1, ok: 1, "~": 0 },
    ];
    expect(faultsOf(schema, rows)).toEqual([
      ["/rows/0/m~1s", "not_a_number"],
      ["/rows/1/ok", "not_a_boolean"],
      ["/rows/1/~0", "unknown_column"],
    ]);
  });

  test("tell a missing value from null, where the column is not optional", () => {
    expect(faultsOf({ a: "int", b: "optional[int]" }, [{ a: null, b: null }, { b: 1 }, { a: 1 }])).toEqual([
      ["/rows/0/a", "null_value"],
      ["/rows/1/a", "missing"],
    ]);
  });

  test("are found in the values of optional columns too", () => {
    expect(faultsOf({ a: "optional[int]" }, [{ a: "1" }, { a: false }])).toEqual([
      ["/rows/0/a", "not_an_integer"],
      ["/rows/1/a", "not_an_integer"],
    ]);
  });

  test("are all that is found in a row", () => {
    expect(faultsOf({ a: "int", b: "str" }, [{ time: "now", a: "1", c: 1, d: 2 }])?.toSorted()).toEqual([
      ["/rows/0/a", "not_an_integer"],
      ["/rows/0/b", "missing"],
      ["/rows/0/c", "unknown_column"],
      ["/rows/0/d", "unknown_column"],
      ["/rows/0/time", "not_a_time"],
    ]);
  });

  test("are left out, and the good rows stay whole and in their order", () => {
    const rows = [
      { a: 1, b: "x" },
      { a: 1.5, b: "y" },
      { a: 2, b: 3 },
      { a: 4, b: "z" },
    ].map((row) => Object.assign({ time: TIME }, row));
    const { batch: kept, rejected, faults } = batchRows(columnsOf({ a: "int", b: "str" }), rows, LIMITS, false);
    expect(kept).toMatchObject({
      count: 2,
      values: [
        [1, 4],
        ["x", "z"],
      ],
    });
    expect(rejected).toBe(2);
    expect(faults.map(({ pointer }) => pointer)).toEqual(["/rows/1/a", "/rows/2/b"]);
  });

  test("make no batch when no row is good", () => {
    expect(batch({ a: "int" }, [{ a: 1.5 }]).batch).toBeNull();
  });

  test.for(["constructor", "toString", "hasOwnProperty", "__proto__", "received_at", "", "A"])(
    "tell of the unknown column %j",
    (name) => {
      const row = json(`{"a":1,${JSON.stringify(name)}:1}`);
      expect(faultsOf({ a: "int" }, [row])).toEqual([[`/rows/0/${name}`, "unknown_column"]]);
    },
  );

  test("tell of absent columns that objects have by nature", () => {
    expect(faultsOf({ constructor: "str", toString: "str", valueOf: "dict" }, [{}])).toEqual([
      ["/rows/0/constructor", "missing"],
      ["/rows/0/toString", "missing"],
      ["/rows/0/valueOf", "missing"],
    ]);
  });

  test("take no value from __proto__", () => {
    expect(faultsOf({ a: "int" }, [json('{"__proto__":{"a":1,"time":"2024-03-01T00:00:00Z"}}')])).toEqual([
      ["/rows/0/a", "missing"],
      ["/rows/0/__proto__", "unknown_column"],
    ]);
  });

  test("tell of a line that holds no row in its place", () => {
    const fault = { pointer: "/rows/1", code: "not_csv", detail: "line 3: it has 2 fields" };
    const rows = [{ a: 1 }, new UnreadableRow(fault), { a: 2 }];
    expect(batchRows(columnsOf({ a: "int" }), rows, LIMITS, false)).toMatchObject({
      batch: { count: 2, values: [[1, 2]] },
      rejected: 1,
      faults: [fault],
    });
  });

  test.for([null, 1, "a", true, [], [{ a: 1 }]])("tell of a row that is no object: %j", (row) => {
    expect(faultsOf({ a: "int" }, [{ a: 1 }, row])).toEqual([["/rows/1", "not_an_object"]]);
  });
});

describe("many faults", () => {
  const rows = (count: number) => Array.from({ length: count }, () => ({ a: "x" }));

  test("are listed up to the limit, the first ones", () => {
    const faults = faultsOf({ a: "int" }, rows(1_000));
    expect(faults).toHaveLength(MAX_FAULTS);
    expect(faults?.at(-1)).toEqual(["/rows/99/a", "not_an_integer"]);
    expect(faultsOf({ a: "int" }, rows(MAX_FAULTS))).toHaveLength(MAX_FAULTS);
  });

  test("of one row are no more than that, one for each column of a wide channel", () => {
    const wide = Object.fromEntries(Array.from({ length: 256 }, (_, index) => [`c${index}`, "int"]));
    expect(faultsOf(wide, [{}])).toHaveLength(MAX_FAULTS);
  });

  test("of one row are no more than that, one for each of a heap of unknown keys", () => {
    // More than a call takes arguments: a spread of them overflows the stack.
    const stuffed = { a: 1, ...Object.fromEntries(Array.from({ length: 500_000 }, (_, index) => [`u${index}`, 1])) };
    expect(faultsOf({ a: "int" }, [...rows(99), stuffed])).toHaveLength(MAX_FAULTS);
  });
});

describe("bad rows without end", () => {
  const schema = Object.fromEntries(Array.from({ length: 256 }, (_, column) => [`column_${column}`, "optional[float]"]));

  test("are counted, and nothing is worked out for those after the last that an answer lists", () => {
    let looks = 0;
    const row = () =>
      new Proxy<Record<string, unknown>>({ colum_7: 1 }, { ownKeys: (target) => (looks++, Reflect.ownKeys(target)) });
    const rows = Array.from({ length: 10_000 }, row);
    const { rejected, faults, batch } = batchRows(columnsOf(schema), rows, LIMITS, false);
    expect([rejected, faults.length, batch]).toEqual([10_000, MAX_FAULTS, null]);
    expect(faults.at(-1)).toMatchObject({
      pointer: "/rows/99/colum_7",
      detail: expect.stringContaining('did you mean "column_7"'),
    });
    // Once to see that there is one too many, and once more to name it, for those that are listed.
    expect(looks).toBe(10_000 + MAX_FAULTS);
  });

  test("are told what was meant for the first few names only", () => {
    const rows = Array.from({ length: 50 }, (_, row) => ({ [`colum_${row}`]: 1 }));
    const { faults } = batchRows(columnsOf(schema), rows, LIMITS, true);
    expect(faults.length).toBe(50);
    expect(faults.filter(({ detail }) => detail.includes("did you mean"))).toHaveLength(10);
  });
});
