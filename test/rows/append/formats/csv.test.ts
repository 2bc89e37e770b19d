import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Column, planColumns } from "../../../../server/src/columns/channel-schema.ts";
import { COLUMN_TYPES } from "../../../../server/src/columns/column-type.ts";
import { readCsv } from "../../../../server/src/rows/append/formats/csv.ts";
import { instants, type Sample, VALUES } from "../../../support/arbitrary-values.ts";
import { canonicalJson } from "../../../support/canonical-json.ts";

const { columns: COLUMNS } = planColumns(Object.fromEntries(COLUMN_TYPES.map((type) => [type, `optional[${type}]`])));

function read(text: string, columns: readonly Column[] = COLUMNS) {
  return readCsv(text, columns, { maxRows: 100_000, maxCells: 2_000_000 });
}

const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;

/** The field of a value that JSON writes so: text as it is, anything else as JSON. */
function fieldOf({ sent }: Sample): string {
  const value: unknown = JSON.parse(sent);
  return typeof value === "string" ? value : sent;
}

const ABSENT: Sample = { sent: "", read: null };
const row = fc.record<Record<string, Sample>>({
  time: fc.oneof(instants(), fc.constant(ABSENT)),
  ...Object.fromEntries(COLUMN_TYPES.map((type) => [type, fc.oneof(VALUES[type], fc.constant(ABSENT))])),
});

describe("lines of CSV", () => {
  test("are rows of what JSON would have said, without what is not there", () => {
    const names = fc.shuffledSubarray(["time", ...COLUMN_TYPES], { minLength: 2 });
    fc.assert(
      fc.property(names, fc.array(row), fc.constantFrom("\n", "\r\n"), fc.boolean(), (names, rows, lineEnd, isQuoted) => {
        const field = (sample: Sample = ABSENT) => {
          if (sample === ABSENT) return "";
          const text = fieldOf(sample);
          return isQuoted || text === "" || /[",\r\n]/.test(text) ? quoted(text) : text;
        };
        const lines = rows.map((row) => names.map((name) => field(row[name])).join(","));
        // A row of two columns without a value is a comma; of one, it would be an empty line.
        const text = [names.join(","), ...lines, ""].join(lineEnd);
        const expected = rows.map((row) =>
          Object.fromEntries(
            names.flatMap((name) => {
              const sample = row[name] ?? ABSENT;
              return sample === ABSENT ? [] : [[name, JSON.parse(sample.sent) as unknown]];
            }),
          ),
        );
        expect(canonicalJson(read(text).rows)).toBe(canonicalJson(expected));
      }),
    );
  });

  test("tell no value from an empty text", () => {
    expect(read('str,int\n,1\n"",2\nnull,3')).toEqual({ rows: [{ int: 1 }, { str: "", int: 2 }, { str: "null", int: 3 }] });
  });

  test("keep text as it is: blanks, line ends, formulas and what looks like a number", () => {
    expect(read('str,int\n" a ",1\n a,2\n"x\r\ny",3\n=1+1,4\n007,5').rows).toEqual(
      [" a ", " a", "x\r\ny", "=1+1", "007"].map((str, index) => ({ str, int: index + 1 })),
    );
  });

  test.for([
    ["int", "01"],
    ["int", " 1"],
    ["int", "1_000"],
    ["int", "0x10"],
    ["float", "NaN"],
    ["float", "1."],
    ["float", "1;5"],
    ["bool", "TRUE"],
    ["bool", "1"],
    ["dict", "{a:1}"],
    ["dict", "null"],
    ["list", "[1"],
    ["uuid", "x"],
    ["datetime", "yesterday"],
  ] as const)("keep as text what is no %s, for the check to refuse: %j", ([name, field]) => {
    expect(read(`str,${name}\na,${quoted(field)}`)).toEqual({ rows: [{ str: "a", [name]: field }] });
  });

  test("take a document with a key twice for text, not for its last", () => {
    const field = '{"a":1,"a":2}';
    expect(read(`dict\n${quoted(field)}`)).toEqual({ rows: [{ dict: field }] });
  });

  test("may be empty, and are passed over", () => {
    expect(read("\n\nint\n\n1\n\n\n2\n\n")).toEqual({ rows: [{ int: 1 }, { int: 2 }] });
  });

  test("are none in an empty text, and none below a header alone", () => {
    expect(["", "\n", "int", "int,str\r\n"].map((text) => read(text))).toEqual(Array.from({ length: 4 }, () => ({ rows: [] })));
  });

  test("may be of columns that objects have by nature", () => {
    const { columns } = planColumns({ constructor: "str", toString: "int" });
    expect(read("toString,constructor\n1,a", columns).rows).toEqual([
      Object.fromEntries([
        ["toString", 1],
        ["constructor", "a"],
      ]),
    ]);
  });
});

describe("a header", () => {
  test.for(["Int", " int", "int ", "\ufeffint", "wind", "received_at", "__proto__", "constructor", "int8_1", "int;str"])(
    "that names %j, which the channel does not have, is refused",
    (name) => {
      expect(read(`str,${name}\na,1`).fault?.code).toBe("unknown_column");
    },
  );

  test("that begins with a byte order mark is refused, as JSON is", () => {
    expect(read("\ufeffint,str\n1,a").fault?.code).toBe("unknown_column");
  });

  test("says which column was meant", () => {
    expect(read("time,floot\n,1").fault).toEqual({
      code: "unknown_column",
      detail: 'the header line names "floot", which the channel does not have; did you mean "float"?',
    });
    expect(read("tme,float\n,1").fault?.detail).toContain('did you mean "time"?');
  });

  test.for(["int,", ",int", "int,,str", '"",int', '"'])("with a column without a name is refused: %j", (header) => {
    expect(read(`${header}\n1,1`).fault?.code).toMatch(/^(unknown_column|not_csv)$/);
  });

  test.for(["int,int\n1,1", "time,int,time\n,1,", 'int,"int"\n1,1', "int,int"])(
    "that names a column twice is refused: %j",
    (text) => {
      expect(read(text).fault?.code).toBe("duplicate_column");
    },
  );
});

describe("what is no CSV", () => {
  test.for(["int,str\n1", "int,str\n1,a,b", 'str\n"a', 'str\n"a"b', 'str\na"b"', 'str\na\n"'])("is refused: %j", (text) => {
    const { rows, fault } = read(text);
    expect(rows).toBeUndefined();
    expect(fault?.code).toBe("not_csv");
    expect(fault?.detail).toMatch(/line \d/i);
  });

  test("is refused, or read as rows, whatever it is", () => {
    const noise = fc.array(
      fc.oneof(
        fc.constantFrom(",", '"', '""', "\n", "\r\n", "\r", "time", "int", "str", "\0", "\ufeff"),
        fc.string({ unit: "binary" }),
      ),
    );
    fc.assert(
      fc.property(fc.constantFrom("", "int,str\n", "str\r\n"), noise, (header, noise) => {
        const { rows, fault } = read(header + noise.join(""));
        expect((rows === undefined) !== (fault === undefined)).toBe(true);
        for (const row of rows ?? []) expect(Object.getPrototypeOf(row)).toBe(Object.prototype);
      }),
      { numRuns: 1_000 },
    );
  });
});
