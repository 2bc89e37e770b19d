import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createNdjsonReader } from "../../../../server/src/rows/append/formats/ndjson.ts";
import { UnreadableRow } from "../../../../server/src/rows/append/formats/text-rows.ts";

/** The rows, or the fault that keeps them from being read. */
function readNdjson(text: string, isStrict = true) {
  const reader = createNdjsonReader(text, { maxRows: 100_000, maxCells: 2_000_000, isStrict });
  let fault = reader.readTo(text.length);
  while (!fault && reader.position < text.length) fault = reader.readTo(text.length);
  return fault ? { fault } : { rows: reader.rows };
}

const object = fc.dictionary(fc.string({ unit: "binary" }), fc.jsonValue({ maxDepth: 3 }), { maxKeys: 4 });

/** Lines that hold nothing. */
const blanks = fc.array(fc.constantFrom("", " ", "\t", "\r", " \r"), { maxLength: 2 });

describe("lines of JSON", () => {
  test("are the rows they hold, whatever stands between them", () => {
    const lines = fc.array(fc.record({ row: object, before: blanks, end: fc.constantFrom("", "\r", " ") }));
    fc.assert(
      fc.property(lines, blanks, (lines, after) => {
        const text = lines
          .flatMap(({ row, before, end }) => [...before, `${JSON.stringify(row)}${end}`])
          .concat(after)
          .join("\n");
        expect(JSON.stringify(readNdjson(text).rows)).toBe(JSON.stringify(lines.map(({ row }) => row)));
      }),
    );
  });

  test("need no line end after the last", () => {
    expect(readNdjson('{"a":1}\n{"a":2}')).toEqual({ rows: [{ a: 1 }, { a: 2 }] });
    expect(readNdjson('{"a":1}\n{"a":2}\n')).toEqual({ rows: [{ a: 1 }, { a: 2 }] });
  });

  test("may hold what ends a line elsewhere", () => {
    const row = { a: "\u2028\u2029\u0085\r\n" };
    expect(readNdjson(JSON.stringify(row))).toEqual({ rows: [row] });
  });

  test("may hold anything that is JSON: what is no object is refused as a row", () => {
    expect(readNdjson('1\nnull\n[{"a":1}]\n"a"')).toEqual({ rows: [1, null, [{ a: 1 }], "a"] });
  });

  test("are none in a text without any", () => {
    expect(["", "\n", " \r\n\r\n"].map((text) => readNdjson(text))).toEqual(Array.from({ length: 3 }, () => ({ rows: [] })));
  });

  test("keep __proto__ as a key of its own and leave prototypes alone", () => {
    const { rows } = readNdjson('{"__proto__":{"polluted":true}}\n{}');
    expect(JSON.stringify(rows)).toBe('[{"__proto__":{"polluted":true}},{}]');
    expect(Object.getPrototypeOf(rows?.[0])).toBe(Object.prototype);
  });
});

describe("a fault", () => {
  test.for([
    ['{"a":1}\n\n{"a":}', "/rows/1", "syntax_error", "line 3"],
    ['\n{"a":1,"a":2}', "/rows/0/a", "duplicate_key", "line 2"],
    ['{}\n{"x":[{"m/s":1,"m/s":1}]}', "/rows/1/x/0/m~1s", "duplicate_key", "line 2"],
    [`{}\n{}\n${"[".repeat(17)}`, "/rows/2", "too_deep", "line 3"],
    ['{"a":1}{"a":2}', "/rows/0", "syntax_error", "line 1"],
    ['{"a":1},\n{"a":2}', "/rows/0", "syntax_error", "line 1"],
    ['[{"a":1},\n{"a":2}]', "/rows/0", "syntax_error", "line 1"],
    ['{"a":1\n}', "/rows/0", "syntax_error", "line 1"],
    ['\ufeff{"a":1}', "/rows/0", "syntax_error", "line 1"],
    ["{'a':1}", "/rows/0", "syntax_error", "line 1"],
    ['{"a":NaN}', "/rows/0", "syntax_error", "line 1"],
    ["time,a", "/rows/0", "syntax_error", "line 1"],
  ] as const)("of %j is at %s", ([text, pointer, code, line]) => {
    const { rows, fault } = readNdjson(text);
    expect(rows).toBeUndefined();
    expect(fault).toMatchObject({ pointer, code });
    expect(fault?.detail).toMatch(new RegExp(`^${line}: `));
  });

  test("costs its own row alone when good rows are kept", () => {
    const { rows } = readNdjson('{"a":1}\n\n{"a":\n{"a":2,"a":3}\n{"a":4}', false);
    expect(rows?.map((row) => (row instanceof UnreadableRow ? row.fault : row))).toEqual([
      { a: 1 },
      { pointer: "/rows/1", code: "syntax_error", detail: expect.stringMatching(/^line 3: /) },
      { pointer: "/rows/2/a", code: "duplicate_key", detail: expect.stringMatching(/^line 4: /) },
      { a: 4 },
    ]);
  });

  test("is that of the first bad line, and all that comes of any text", () => {
    const line = fc
      .oneof(
        fc.string({ unit: "binary" }),
        object.map((row) => JSON.stringify(row)),
      )
      .map((text) => text.replaceAll("\n", " "));
    fc.assert(
      fc.property(fc.array(line), (lines) => {
        const bad = lines.findIndex((line) => readNdjson(line).fault);
        const rows = lines.slice(0, bad === -1 ? lines.length : bad).flatMap((line) => readNdjson(line).rows ?? []);
        const fault = {
          pointer: expect.stringMatching(`^/rows/${rows.length}(?:/|$)`),
          detail: expect.stringMatching(`^line ${bad + 1}: `),
        };
        expect(readNdjson(lines.join("\n"))).toMatchObject(bad === -1 ? { rows } : { fault });
      }),
    );
  });
});

test("reading stops sooner where lines hold no rows: to tell why takes longer than to read them", () => {
  const reader = createNdjsonReader("{\n".repeat(10_000), { maxRows: 100_000, maxCells: 2_000_000, isStrict: false });
  expect(reader.readTo(16_384)).toBeNull();
  expect(reader.position).toBeLessThan(500);
  expect(reader.position).toBe(2 * reader.rows.length);
});
