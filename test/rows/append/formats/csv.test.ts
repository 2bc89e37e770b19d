import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Column, planColumns } from "../../../../server/src/columns/channel-schema.ts";
import { COLUMN_TYPES } from "../../../../server/src/columns/column-type.ts";
import { createCsvReader } from "../../../../server/src/rows/append/formats/csv.ts";
import { UnreadableRow } from "../../../../server/src/rows/append/formats/text-rows.ts";
import { instants, type Sample, VALUES } from "../../../support/arbitrary-values.ts";
import { canonicalJson } from "../../../support/canonical-json.ts";

const { columns: COLUMNS } = planColumns(Object.fromEntries(COLUMN_TYPES.map((type) => [type, `optional[${type}]`])));

const RULES = { maxRows: 100_000, maxCells: 2_000_000, isStrict: true, isTimeRequired: false };

/** The rows, or the fault that keeps them from being read. */
function read(text: string, columns: readonly Column[] = COLUMNS, rules = RULES) {
  const reader = createCsvReader(text, columns, rules);
  const fault = reader.readTo(text.length);
  return fault ? { fault } : { rows: reader.rows };
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
        const text = [names.join(","), ...lines, ""].join(lineEnd);
        // A row without any value is commas, and those are passed over; with a text of blanks as its only value it may be as well.
        const isFull = (row: Record<string, Sample>) => names.some((name) => field(row[name]).trim() !== "");
        const expected = rows.filter(isFull).map((row) =>
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
    ["int", "1_000"],
    ["int", "1 000"],
    ["int", "0x10"],
    ["int", "--1"],
    ["int", "+-1"],
    ["int", "."],
    ["int", "+"],
    ["int64", "1e3"],
    ["int64", "1.5"],
    ["int64", "."],
    ["float", "NaN"],
    ["float", "Infinity"],
    ["float", "1.2.3"],
    ["float", "1e"],
    ["float", ".e5"],
    ["float", "1;5"],
    ["float", "1,5"],
    ["float", "\u{2212}1"],
    ["float", "20 °C"],
    ["bool", "2"],
    ["bool", "tru"],
    ["bool", "null"],
    ["dict", "{a:1}"],
    ["dict", "null"],
    ["list", "[1"],
    ["uuid", "x"],
    ["datetime", "yesterday"],
  ] as const)("keep as text what is no %s, for the check to refuse: %j", ([name, field]) => {
    expect(read(`str,${name}\na,${quoted(field)}`)).toEqual({ rows: [{ str: "a", [name]: field }] });
  });

  test.for([
    ["int", "+5", 5],
    ["int", "20.", 20],
    ["int", "3.0", 3],
    ["int", " 1", 1],
    ["int64", "+9007199254740993", "9007199254740993"],
    ["int64", "-3.00", "-3"],
    ["int64", "20.", "20"],
    ["float", "20.", 20],
    ["float", ".5", 0.5],
    ["float", "-.5", -0.5],
    ["float", "+.5e1", 5],
    ["float", "1.E-1", 0.1],
    ["float", "\t1.5 ", 1.5],
    ["float", "-0", -0],
    ...["true", "True", "TRUE", "t", "1", "yes", "Y", "on", " true"].map((text) => ["bool", text, true] as const),
    ...["false", "False", "FALSE", "f", "0", "no", "N", "OFF"].map((text) => ["bool", text, false] as const),
    ["dict", ' {"a":1} ', { a: 1 }],
    ["uuid", " 6e8bc430-9c3a-4f5c-8d2e-2f1c9a7b4d10", "6e8bc430-9c3a-4f5c-8d2e-2f1c9a7b4d10"],
    ["datetime", " 2024-03-01", "2024-03-01"],
  ] as const)("take what has one meaning for a column of type %s: %j", ([name, field, value]) => {
    for (const written of [field, quoted(field), ` ${quoted(field)} `].slice(name === "dict" ? 1 : 0)) {
      expect(read(`str,${name}\na,${written}`)).toEqual({ rows: [{ str: "a", [name]: value }] });
    }
  });

  test("of blanks alone are no value in columns that are no text", () => {
    for (const name of COLUMN_TYPES.filter((type) => type !== "str")) {
      for (const field of [" ", "\t", '""', '"  "']) expect(read(`str,${name}\na,${field}`)).toEqual({ rows: [{ str: "a" }] });
    }
  });

  test("take a document with a key twice for text, not for its last", () => {
    const field = '{"a":1,"a":2}';
    expect(read(`dict\n${quoted(field)}`)).toEqual({ rows: [{ dict: field }] });
  });

  test("may be empty, or of nothing but commas and blanks, and are passed over", () => {
    expect(read("\n\nint\n\n1\n\n\n2\n\n")).toEqual({ rows: [{ int: 1 }, { int: 2 }] });
    expect(read("\n,,\nint,str\n,\n1,a\n,,,,\n , \t\n  \n2,b\n,\n,")).toEqual({
      rows: [
        { int: 1, str: "a" },
        { int: 2, str: "b" },
      ],
    });
  });

  test("count for nothing when they are passed over", () => {
    const limits = { ...RULES, maxRows: 1, maxCells: 6 };
    expect(read(`int,str\n${",\n".repeat(100)}1,a\n${",\n".repeat(100)}`, COLUMNS, limits).rows).toHaveLength(1);
    expect(() => read("int,str\n1,a\n,,", COLUMNS, limits)).toThrow("at most 6 values");
  });

  test("may end in different ways", () => {
    expect(read("int\r\n1\n2\r3\r\n\n\r4")).toEqual({ rows: [1, 2, 3, 4].map((int) => ({ int })) });
  });

  test("are the same however the text is cut into steps", () => {
    const text = 'int,str\r\n1,"a\r\n""b"""\r\n\r\n,\r\n2,c';
    const reader = createCsvReader(text, COLUMNS, RULES);
    for (let end = 0; end <= text.length; end++) expect(reader.readTo(end)).toBeNull();
    expect(reader.rows).toEqual([
      { int: 1, str: 'a\r\n"b"' },
      { int: 2, str: "c" },
    ]);
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
  test.for(["Int", "in t", "wind", "received_at", "__proto__", "constructor", "int8_1", "int;str"])(
    "that names %j, which the channel does not have, is refused",
    (name) => {
      expect(read(`str,${name}\na,1`).fault?.code).toBe("unknown_column");
    },
  );

  test("may have blanks behind its commas, and names with blanks of their own are taken first", () => {
    expect(read('int, str , "float"\n1,a,2')).toEqual({ rows: [{ int: 1, str: "a", float: 2 }] });
    const { columns } = planColumns({ " a": "int", a: "int" });
    expect(read(" a,a\n1,2", columns)).toEqual({ rows: [{ " a": 1, a: 2 }] });
    expect(read("a, a,\ta\n1,2,3", columns).fault?.code).toBe("duplicate_column");
  });

  test.for([
    ["semicolons", "time;int"],
    ["semicolons", '"time";"int"'],
    ["semicolons", "\n\ntime;int;float,str"],
    ["tabs", "time\tint"],
    ["tabs", '"time"\t"int"'],
    ["vertical bars", "time|int"],
  ] as const)("that is separated by %s is told so: %j", ([separator, header]) => {
    const { fault } = read(`${header}\n1;1`);
    expect(fault).toMatchObject({ code: "not_csv", detail: expect.stringContaining(`separated by ${separator}`) });
  });

  test("without a time is refused where rows have to bring one", () => {
    const rules = { ...RULES, isTimeRequired: true };
    expect(read("int\n1", COLUMNS, rules).fault).toMatchObject({
      code: "missing",
      detail: expect.stringContaining("time=received"),
    });
    expect(read("int,time\n1,", COLUMNS, rules)).toEqual({ rows: [{ int: 1 }] });
  });

  test("says which column was meant", () => {
    expect(read("time,floot\n,1").fault).toEqual({
      code: "unknown_column",
      detail: 'the header line names "floot", which the channel does not have; did you mean "float"?',
    });
    expect(read("tme,float\n,1").fault?.detail).toContain('did you mean "time"?');
  });

  test.for([
    ["int,", 2],
    [",int", 1],
    ["int, ,str", 2],
    ['"",int', 1],
  ] as const)("with a column without a name is refused, and says which: %j", ([header, number]) => {
    const detail = `the header line has no name for its column ${number}`;
    expect(read(`${header}\n1,1`).fault).toEqual({ code: "unknown_column", detail });
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

  test.for([
    ["int,str\n1", "line 2: it has 1 field, and the header line 2"],
    ["int,str\n1,a\n\n\n1,a,b", "line 5: it has 3 fields, and the header line 2"],
    ['int,str\n1,"a\nb"\n1', "line 4: it has 1 field"],
    ['int,str\n1,"a\r\nb"c', "lines 2 to 3: a quote stands in the middle of a field"],
    ['int,str\n1,a"b"', "line 2: a quote stands in the middle of a field"],
    ['int,str\n1,a\n1,"b\n1,c\n', "line 3: a quote opens a field, and none closes it"],
    ['"int,str\n1,a\n', "line 1: a quote opens a field, and none closes it"],
  ] as const)("is told with its line: %j", ([text, detail]) => {
    expect(read(text).fault?.detail).toContain(detail);
  });

  describe("when good rows are kept", () => {
    const kept = (text: string) => {
      const { rows, fault } = read(text, COLUMNS, { ...RULES, isStrict: false });
      return (
        fault?.detail ?? rows?.map((row) => (row instanceof UnreadableRow ? `${row.fault.pointer} ${row.fault.detail}` : row))
      );
    };

    test("costs its own row alone", () => {
      expect(kept('int,str\n1,a\n2\n3,c,c\n4,d"e\n5,"f"g\n6,h\n')).toEqual([
        { int: 1, str: "a" },
        "/rows/1 line 3: it has 1 field, and the header line 2",
        "/rows/2 line 4: it has 3 fields, and the header line 2",
        expect.stringMatching(/^\/rows\/3 line 5: a quote/),
        expect.stringMatching(/^\/rows\/4 line 6: a quote/),
        { int: 6, str: "h" },
      ]);
    });

    test("costs what a quoted field holds as well, which might look like rows", () => {
      expect(kept('int,str\n1,"a\n2,b\n3,"c"\n4,d')).toEqual([
        expect.stringMatching(/^\/rows\/0 lines 2 to 4: a quote/),
        { int: 4, str: "d" },
      ]);
    });

    test("costs all when a quote is never closed, or the header line cannot be read", () => {
      expect(kept('int,str\n1,a\n2,"b\n3,c')).toContain("line 3: a quote opens a field");
      expect(kept('in"t,str\n1,a')).toContain("line 1: a quote");
    });
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
