import { describe, expect, test } from "vitest";
import { COLUMN_TYPES, formatColumnType, parseColumnType } from "../../server/src/columns/column-type.ts";

/** The nine types with their aliases, as the contract lists them. */
const NAMES = {
  str: ["string", "text"],
  int: ["integer"],
  int64: [],
  float: ["number", "double", "double precision"],
  bool: ["boolean"],
  uuid: ["uuid4", "uuidv4", "uuid_v4"],
  datetime: ["date", "timestamp", "timestamptz", "time"],
  dict: ["json", "jsonb"],
  list: [],
} as const;

const CASES = Object.entries(NAMES).flatMap(([type, aliases]) => [type, ...aliases].map((name) => [name, type] as const));

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
});

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
