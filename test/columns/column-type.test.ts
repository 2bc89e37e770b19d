import * as fc from "fast-check";
import { type ColumnType as ClientColumnType, defineChannel } from "@kronicle/client";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import {
  COLUMN_TYPES,
  type ColumnType,
  formatColumnType,
  parseColumnType,
  TYPE_RULES,
} from "../../server/src/columns/column-type.ts";
import { ARRAY_OF_SLOT } from "../../server/src/columns/queries/type-sql.ts";
import { type StoredValue, ValueFault } from "../../server/src/columns/value-check.ts";
import { DOCUMENT } from "../contract/document.ts";
import { type Sample, VALUES } from "../support/arbitrary-values.ts";
import { canonicalJson } from "../support/canonical-json.ts";

/** The nine types with their aliases, as the contract lists them. It does not compile with a name that the client lacks. */
const NAMES: Readonly<Record<ColumnType, readonly ClientColumnType[]>> = {
  str: ["string", "text"],
  int: ["integer"],
  int64: [],
  float: ["number", "double", "double precision"],
  bool: ["boolean"],
  uuid: ["uuid4", "uuidv4", "uuid_v4"],
  datetime: ["date", "timestamp", "timestamptz", "time"],
  dict: ["json", "jsonb"],
  list: [],
};

const CASES = COLUMN_TYPES.flatMap((type) =>
  [type, ...NAMES[type]].map((name: ClientColumnType): [ClientColumnType, ColumnType] => [name, type]),
);

const SAMPLES: Readonly<Record<ColumnType, fc.Arbitrary<Sample>>> = VALUES;

function check(type: ColumnType, value: unknown): StoredValue {
  const stored = TYPE_RULES[type].check(value);
  if (stored instanceof ValueFault) throw new Error(`${type}: ${stored.detail}`);
  return stored;
}

/** Values as they are stored, with what reading them says. */
function storedValues(type: ColumnType): fc.Arbitrary<{ stored: StoredValue; read: unknown }> {
  return SAMPLES[type].map(({ sent, read }) => ({ stored: check(type, JSON.parse(sent)), read }));
}

describe("a column type", () => {
  test("is one of the nine of the contract", () => {
    expect(COLUMN_TYPES).toEqual(Object.keys(NAMES));
  });

  test.for(CASES)("written %s is %s", ([name, type]) => {
    expect(parseColumnType(name)).toEqual({ type, optional: false });
  });

  test.for(CASES)("written optional[%s] is %s, and optional", ([name, type]) => {
    expect(parseColumnType(`optional[${name}]`)).toEqual({ type, optional: true });
  });

  test("is written by its first name, and reads back the same", () => {
    for (const type of COLUMN_TYPES) {
      for (const optional of [false, true]) {
        const text = formatColumnType({ type, optional });
        expect(text).toBe(optional ? `optional[${type}]` : type);
        expect(parseColumnType(text)).toEqual({ type, optional });
      }
    }
  });

  test("has the names that the contract allows, and no other", () => {
    const { pattern } = z
      .object({ components: z.object({ schemas: z.object({ ColumnType: z.object({ pattern: z.string() }) }) }) })
      .parse(DOCUMENT).components.schemas.ColumnType;
    const names = COLUMN_TYPES.flatMap((type) => [type, ...TYPE_RULES[type].aliases]);
    const [, plain, optional] = /^\^\(\?:(.*)\|optional\\\[\(\?:(.*)\)\\\]\)\$$/.exec(pattern) ?? [];
    expect(plain?.split("|").toSorted()).toEqual(names.toSorted());
    expect(optional).toBe(plain);
  });

  test("is known to the client by each of its names", () => {
    for (const [name] of CASES) expect(defineChannel({ value: name }).columns.value).toBe(name);
  });
});

test.each([
  ["int64", "007", '"7"'],
  ["int64", "-000", '"0"'],
  ["float", -0, "-0"],
  ["uuid", "6E8BC430-9C3A-4F5C-8D2E-2F1C9A7B4D10", '"6e8bc430-9c3a-4f5c-8d2e-2f1c9a7b4d10"'],
  ["datetime", "2024-03-01T00:00:00.50+05:30", '"2024-02-29T18:30:00.500000Z"'],
  ["datetime", "2024-03-01", '"2024-03-01T00:00:00Z"'],
] as const)("a value of type %s sent as %j is shown as %s, as the database would", (type, value, json) => {
  expect(TYPE_RULES[type].toJson(check(type, value))).toBe(json);
});

describe.each(COLUMN_TYPES)("a value of type %s", (type) => {
  const { comparedBy, fromText, isRanged, isSortable, size, slot, toJson } = TYPE_RULES[type];

  test("is shown as what was sent", () => {
    fc.assert(
      fc.property(storedValues(type), ({ stored, read }) => {
        expect(canonicalJson(JSON.parse(toJson(stored)))).toBe(canonicalJson(read));
      }),
    );
  });

  test("is the same when what is shown is sent again, as JSON or as text", () => {
    fc.assert(
      fc.property(storedValues(type), ({ stored }) => {
        const json = toJson(stored);
        const shown: unknown = JSON.parse(json);
        expect(toJson(check(type, shown))).toBe(json);
        expect(toJson(check(type, fromText(typeof shown === "string" ? shown : json)))).toBe(json);
      }),
    );
  });

  test("goes into an array of its slot and out of it", () => {
    fc.assert(
      fc.property(fc.array(storedValues(type)), (values) => {
        const texts = values.map(({ stored }) => String(stored));
        expect(readArray(ARRAY_OF_SLOT[slot]([...values.map(({ stored }) => stored), null]))).toEqual([...texts, null]);
      }),
    );
  });

  test(`is of ${size} size`, () => {
    const long = "x".repeat(100_000);
    const takesAny = [long, { long }, [long]].some((value) => !(TYPE_RULES[type].check(value) instanceof ValueFault));
    expect(size).toBe(takesAny ? "any" : "fixed");
    if (size === "any") return;
    fc.assert(
      fc.property(storedValues(type), ({ stored }) => {
        expect(String(stored).length).toBeLessThanOrEqual(40);
      }),
    );
  });

  test("has an order wherever it is compared by one", () => {
    expect(isSortable || !isRanged).toBe(true);
    expect(isSortable).toBe(comparedBy === "value");
  });
});

/** Elements of an array as PostgreSQL reads them: without quotes, nothing may have a meaning of its own. */
function readArray(literal: string): (string | null)[] {
  expect(literal).toMatch(/^\{.*\}$/s);
  const elements: (string | null)[] = [];
  const element = /(?:"((?:[^"\\]|\\.)*)"|([^"\\{},\s]+))(?:,|$)/gsy;
  const inner = literal.slice(1, -1);
  while (element.lastIndex < inner.length) {
    const match = element.exec(inner);
    if (!match) throw new Error(`no array: ${literal}`);
    const [, quoted, plain] = match;
    elements.push(quoted === undefined ? (plain === "NULL" ? null : String(plain)) : quoted.replaceAll(/\\(.)/gs, "$1"));
  }
  return elements;
}

describe("no column type", () => {
  test.for(
    [
      [
        "optional[optional[str]]",
        "optional[]",
        "optional[str",
        "optionalstr]",
        "optional[str]]",
        "optional(str)",
        "optional[str]\n",
      ],
      ["Optional[str]", "optional[ str ]", "optional [str]", "xoptional[str]", "optional[received_at]", "optional"],
      ["Float", "FLOAT", " float", "float ", "float8", "double  precision", "decimal", "bigint", "null", "any", ""],
      ["constructor", "toString", "__proto__", "optional[constructor]", "float;drop table x", "float[]", "list[str]"],
    ].flat(),
  )("is %j", (text) => {
    expect(parseColumnType(text)).toBeNull();
  });
});
