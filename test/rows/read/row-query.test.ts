import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { planColumns } from "../../../server/src/columns/channel-schema.ts";
import { COLUMN_TYPES } from "../../../server/src/columns/column-type.ts";
import { FaultList } from "../../../server/src/problems/fault.ts";
import { fieldNames, planRowQuery, planSelection, type QueryParameters } from "../../../server/src/rows/read/row-query.ts";

const NOW_MS = Date.parse("2024-03-01T12:00:00Z");

const { columns: COLUMNS } = planColumns(Object.fromEntries(COLUMN_TYPES.map((type) => [type, type])));

function plan(parameters: QueryParameters, columns = COLUMNS) {
  const { query, faults } = planRowQuery(columns, parameters, [], { now: NOW_MS });
  return { query, faults: faults.found };
}

function queryOf(parameters: QueryParameters) {
  const { query, faults } = plan(parameters);
  expect(faults).toEqual([]);
  return query;
}

/** As `sort` would say it. */
function sortOf(parameters: QueryParameters): string[] {
  return queryOf(parameters).sort.map(({ column, isDescending }) => `${isDescending ? "-" : ""}${column.name}`);
}

function faultsOf(parameters: QueryParameters) {
  return plan(parameters).faults.map(({ parameter, code }) => [parameter, code]);
}

describe("a query that says nothing", () => {
  test("is for all columns, newest first, without the time of arrival", () => {
    const query = queryOf({});
    expect(query).toMatchObject({ from: null, to: null, filters: [], hasReceivedAt: false });
    expect(query.columns).toEqual(COLUMNS);
    expect(sortOf({})).toEqual(["-time"]);
  });
});

describe("columns", () => {
  test("are picked in the order of the list, each once, and time is there anyway", () => {
    expect(fieldNames(queryOf({ columns: "list,int,time,list,str" }))).toEqual(["time", "list", "int", "str"]);
    expect(fieldNames(queryOf({ columns: "time", skip_received: false }))).toEqual(["time", "received_at"]);
  });

  test("may be any of the channel, in any order", () => {
    fc.assert(
      fc.property(fc.shuffledSubarray([...COLUMN_TYPES], { minLength: 1 }), fc.boolean(), (names, skip) => {
        const query = queryOf({ columns: names.join(","), skip_received: skip });
        expect(query.columns).toEqual(names.map((name) => COLUMNS.find((column) => column.name === name)));
        expect(fieldNames(query)).toEqual(["time", ...names, ...(skip ? [] : ["received_at"])]);
      }),
    );
  });

  test.for(["", "int,", "Int", " int", "*", "received_at", "constructor", "__proto__", "int8_1"])(
    "that the channel does not have are refused: %j",
    (columns) => {
      expect(faultsOf({ columns })).toEqual([["columns", "unknown_column"]]);
    },
  );

  test("are refused each by its name, with what was meant", () => {
    expect(plan({ columns: "floot,int,wind" }).faults.map(({ detail }) => detail)).toEqual([
      'the channel has no column "floot"; did you mean "float"?',
      expect.stringMatching(/^the channel has no column "wind"/),
    ]);
  });
});

describe("sort", () => {
  test("takes a list of columns, time and received_at, each with a direction", () => {
    expect(sortOf({ sort: "-int,str,-received_at,time" })).toEqual(["-int", "str", "-received_at", "time"]);
    expect(queryOf({ sort: "received_at" }).sort[0]?.column).toEqual({
      name: "received_at",
      type: "datetime",
      slot: "received_at",
    });
    expect(queryOf({ sort: "time" }).sort[0]?.column).toEqual({ name: "time", type: "datetime", slot: "time" });
  });

  test("needs not be by what is picked", () => {
    expect(sortOf({ columns: "str", sort: "-int" })).toEqual(["-int"]);
  });

  test("keeps any order of what has an order", () => {
    const sortable = ["time", "received_at", ...COLUMN_TYPES.filter((type) => type !== "dict" && type !== "list")];
    const keys = fc
      .shuffledSubarray(sortable, { minLength: 1 })
      .chain((names) => fc.tuple(...names.map((name) => fc.boolean().map((isDown) => `${isDown ? "-" : ""}${name}`))));
    fc.assert(
      fc.property(keys, (keys) => {
        expect(sortOf({ sort: keys.join(",") })).toEqual(keys);
      }),
    );
  });

  test.for(["dict", "-dict", "list"])("by %s is refused: documents have no order", (sort) => {
    expect(faultsOf({ sort })).toEqual([["sort", "wrong_type"]]);
  });

  test.for(["int,int", "int,-int", "-time,time"])("by one column twice is refused: %s", (sort) => {
    expect(faultsOf({ sort })).toEqual([["sort", "duplicate_column"]]);
  });

  test.for(["", "-", "--int", "int ", "Int", "+int", "_row", "constructor", "int8_1", "int desc", "1"])(
    "by %j, which is no column, is refused",
    (sort) => {
      expect(faultsOf({ sort })).toEqual([["sort", "unknown_column"]]);
    },
  );

  test("is by at most 32 columns", () => {
    const names = Array.from({ length: 33 }, (_, index) => `c${index}`);
    const { columns } = planColumns(Object.fromEntries(names.map((name) => [name, "int"])));
    expect(plan({ sort: names.slice(0, 32).join(",") }, columns).faults).toEqual([]);
    expect(plan({ sort: names.join(",") }, columns).faults).toMatchObject([{ parameter: "sort", code: "too_many" }]);
  });
});

describe("from and to", () => {
  test("are points in time, in whatever zone", () => {
    const { from, to } = queryOf({ from: "2024-03-01T01:00:00+01:00", to: "2024-03-01T00:00:00.000001Z" });
    expect([from?.text, to?.text]).toEqual(["2024-03-01T00:00:00.000000Z", "2024-03-01T00:00:00.000001Z"]);
  });

  test.for(["", "2024-03-01", "2024-03-01T00:00:00", "yesterday", "2024-02-30T00:00:00Z", "infinity"])(
    "are never guessed: %j is refused",
    (text) => {
      expect(faultsOf({ from: text })).toEqual([["from", "not_a_time"]]);
      expect(faultsOf({ to: text })).toEqual([["to", "not_a_time"]]);
    },
  );

  test.for([
    ["now", "2024-03-01T12:00:00.000000Z"],
    ["now-1h", "2024-03-01T11:00:00.000000Z"],
    ["1709251200", "2024-03-01T00:00:00.000000Z"],
    ["1709251200123", "2024-03-01T00:00:00.123000Z"],
  ])("may be told as %j", ([text, time]) => {
    expect(queryOf({ from: text }).from?.text).toBe(time);
  });

  test("with a + that became a blank on the way get a hint", () => {
    const detail = (from: string) => plan({ from }).faults[0]?.detail;
    expect(detail("2024-03-01T00:00:00 01:00")).toContain("%2B");
    expect(detail("2024-03-01")).not.toContain("%2B");
  });

  test("are what a selection has too, with its filters", () => {
    const faults = new FaultList();
    const conditions = [{ operator: "null", column: "str", isNull: true, form: "brackets" }] as const;
    const selection = planSelection(COLUMNS, { from: "2024-03-01T00:00:00Z" }, conditions, { now: NOW_MS }, faults);
    expect(selection).toMatchObject({ from: { text: "2024-03-01T00:00:00.000000Z" }, to: null, filters: [{ kind: "null" }] });
    expect(faults.found).toEqual([]);
  });
});

describe("faults", () => {
  test("of all parameters are told at once", () => {
    const conditions = [{ operator: "has", column: "int", value: "1", form: "brackets" }] as const;
    const parameters = { from: "x", to: "y", columns: "a", sort: "b,dict" };
    const { faults } = planRowQuery(COLUMNS, parameters, conditions, { now: NOW_MS });
    expect(faults.found.map(({ parameter, code }) => [parameter, code])).toEqual([
      ["from", "not_a_time"],
      ["to", "not_a_time"],
      ["has[int]", "wrong_type"],
      ["columns", "unknown_column"],
      ["sort", "unknown_column"],
      ["sort", "wrong_type"],
    ]);
  });

  test("are all that comes of anything else", () => {
    const text = fc.option(fc.oneof(fc.string({ unit: "binary" }), fc.constantFrom("int,-str", "time")), { nil: undefined });
    fc.assert(
      fc.property(fc.record({ from: text, to: text, columns: text, sort: text }), (parameters) => {
        const { query, faults } = plan(parameters);
        for (const { parameter } of faults) expect(Object.keys(parameters)).toContain(parameter);
        expect(query.sort.length > 0 || faults.length > 0).toBe(true);
      }),
    );
  });
});
