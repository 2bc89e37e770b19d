import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { jsonPointer } from "../../server/src/formats/json-pointer.ts";
import { createJsonScanner, parseInSteps, parseStrictJson } from "../../server/src/formats/strict-json.ts";

function parse(text: string) {
  return parseStrictJson(Buffer.from(text));
}

/** JSON with one member twice: again at the end of its object, with each character of its key escaped. */
function writeTwice(value: unknown, twice: string, places: readonly (string | number)[] = []): string {
  if (Array.isArray(value)) return `[${value.map((item, index) => writeTwice(item, twice, [...places, index])).join()}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const members = Object.entries(value).map(
    ([key, item]) => `${JSON.stringify(key)}:${writeTwice(item, twice, [...places, key])}`,
  );
  const again = Object.keys(value).find((key) => jsonPointer([...places, key]) === twice);
  if (again !== undefined) members.push(`"${escapeAll(again)}" : null`);
  return `{${members.join()}}`;
}

function escapeAll(text: string): string {
  return Array.from({ length: text.length }, (_, index) => {
    const unit = text.charCodeAt(index).toString(16).padStart(4, "0");
    return String.raw`\u${unit}`;
  }).join("");
}

function membersOf(value: unknown, places: readonly (string | number)[] = []): string[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, item]) => {
    const inner = places.concat(key);
    return (Array.isArray(value) ? [] : [jsonPointer(inner)]).concat(membersOf(item, inner));
  });
}

describe("any JSON", () => {
  test("comes back as it was", () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 6 }), fc.constantFrom(undefined, 2, "\t"), (value, indent) => {
        const { value: parsed, fault } = parse(JSON.stringify(value, null, indent));
        expect(fault).toBeUndefined();
        expect(JSON.stringify(parsed)).toBe(JSON.stringify(value));
      }),
    );
  });

  test("may hold quotes, colons, brackets and backslashes in its strings", () => {
    const value = { 'a":{': ["[[[[[[[[[[[[[[[[[[", "\\", '\\"', ":,]}"], "\\": { "\\\\": '"' } };
    expect(parse(JSON.stringify(value))).toEqual({ value });
  });

  test("keeps __proto__ as a key of its own and leaves prototypes alone", () => {
    const { value } = parse('{"__proto__":{"polluted":true},"constructor":1}');
    expect(JSON.stringify(value)).toBe('{"__proto__":{"polluted":true},"constructor":1}');
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
  });

  test("may be null, a number or a string alone", () => {
    expect(["null", " 1e2 ", '"a"', "false"].map((text) => parse(text).value)).toEqual([null, 100, "a", false]);
  });
});

describe("a repeated key", () => {
  test("is found anywhere, however it is written, with the pointer to it", () => {
    const document = fc
      .jsonValue({ maxDepth: 5 })
      .map((value): unknown => ({ value }))
      .chain((value) => fc.record({ value: fc.constant(value), twice: fc.constantFrom(...membersOf(value)) }));
    fc.assert(
      fc.property(document, ({ value, twice }) => {
        expect(parse(writeTwice(value, twice)).fault).toMatchObject({ code: "duplicate_key", pointer: twice });
      }),
    );
  });

  test.for([
    ['{"a":1,"a":1}', "/a"],
    [String.raw`{"a":1,"\u0061":2}`, "/a"],
    [String.raw`{"é":1,"\u00e9":2}`, "/é"],
    [String.raw`{"\/":1,"/":2}`, "/~1"],
    ['{"rows":[{"a":1},{"a":1,"b":[0,{"c":1}],"a":2}]}', "/rows/1/a"],
    ['[[],[{}],[{"x":{}},{"x":[],"x":{}}]]', "/2/1/x"],
    ['{"~":{"":1,"":2}}', "/~0/"],
    ['{"__proto__":1,"__proto__":2}', "/__proto__"],
    [String.raw`{"\ud800":1,"\uD800":2}`, "/\ud800"],
  ] as const)("in %s is found at %s", ([text, pointer]) => {
    expect(parse(text).fault).toMatchObject({ code: "duplicate_key", pointer });
  });

  test("is none when the objects differ, or the keys differ in case or normalization", () => {
    expect(parse('[{"a":1},{"a":1,"b":{"a":1}},{"A":1,"a":"a"},{"\u00e9":1,"e\u0301":2}]').fault).toBeUndefined();
  });
});

describe("nesting", () => {
  const arrays = (depth: number) => "[".repeat(depth) + "]".repeat(depth);
  const objects = (depth: number) => `${'{"a":'.repeat(depth)}1${"}".repeat(depth)}`;
  const mixed = (depth: number) => `${'[{"a":'.repeat(depth / 2)}1${"}]".repeat(depth / 2)}`;

  test("of 16 levels passes", () => {
    expect([arrays(16), objects(16), mixed(16), `[1,${arrays(15)},2]`].map((text) => parse(text).fault)).toEqual(
      Array.from({ length: 4 }),
    );
  });

  test.for([arrays(17), objects(17), `[${mixed(16)}]`, `{"a":1,"b":${arrays(16)}}`])("of 17 levels is refused: %s", (text) => {
    expect(parse(text).fault?.code).toBe("too_deep");
  });

  test("counts levels, not brackets", () => {
    expect(parse(`[${"[],".repeat(1_000)}{}]`).fault).toBeUndefined();
  });

  test("of a megabyte of brackets is refused, and the next body is read", () => {
    for (const opening of ["[", '{"a":', '[{"":']) {
      expect(parse(opening.repeat(1_048_576 / opening.length)).fault?.code).toBe("too_deep");
    }
    expect(parse("[1]")).toEqual({ value: [1] });
  });

  test("that closes before it opens is refused", () => {
    expect(parse("]".repeat(100) + "[".repeat(110)).fault?.code).toBe("syntax_error");
  });
});

describe("what is no JSON", () => {
  test.for([
    ["a stray continuation byte", [0x22, 0x80, 0x22]],
    ["a character cut off", [0x22, 0xc3, 0x22]],
    ["an overlong form", [0x22, 0xc0, 0xaf, 0x22]],
    ["an encoded surrogate", [0x22, 0xed, 0xa0, 0x80, 0x22]],
    ["beyond U+10FFFF", [0x22, 0xf4, 0x90, 0x80, 0x80, 0x22]],
    ["Latin-1", [...Buffer.from('{"é":1}', "latin1")]],
  ] as const)("is refused: %s", ([, bytes]) => {
    expect(parseStrictJson(Uint8Array.from(bytes)).fault?.code).toBe("not_utf8");
    // A decoder that keeps state would spoil the next body.
    expect(parse('"é"')).toEqual({ value: "é" });
  });

  test.for(
    `\u{feff}[1] | [NaN] | [Infinity] | [-Infinity] | [1,] | {"a":1,} | [,1] | [1 2] | {} {} | [1]] | {"a"} | {"a":} | {a:1} | {'a':1}
    | nul | True | undefined | 01 | +1 | .5 | 1. | 0x10 | 1_000 | - | // note | [1] // note | "a | ["a\tb"] | "\\x" | "\\u12" | \u{a0}1 | {"a":1`
      .split(" | ")
      .map((text) => text.replace(/\n */, "")),
  )("is refused: %s", (text) => {
    expect(parse(text).fault?.code).toBe("syntax_error");
  });

  test("is refused: nothing, or white space alone", () => {
    expect(["", " \n"].map((text) => parse(text).fault?.code)).toEqual(["syntax_error", "syntax_error"]);
  });
});

/** In groups of a few bytes, and how often others had their turn. */
async function parseByGroups(text: string, groupBytes = 1) {
  const bytes = Buffer.from(text);
  const scanner = createJsonScanner(bytes, groupBytes);
  for (let end = 1; scanner.scanTo(Math.min(end, bytes.length)) < bytes.length; end++);
  let turns = 0;
  const parsed = await parseInSteps(bytes, scanner, async () => void turns++);
  return { parsed, turns, size: scanner.size };
}

describe("an append that is parsed by groups of rows", () => {
  test("is what it would be at once, whatever is broken in it", async () => {
    const rows = fc.array(fc.oneof(fc.jsonValue({ maxDepth: 2 }), fc.constant({ time: "t", a: 1 })), { maxLength: 8 });
    const body = fc.record({ before: fc.jsonValue({ maxDepth: 2 }), rows, after: fc.jsonValue({ maxDepth: 2 }) });
    const change = fc.record({
      at: fc.nat({ max: 10_000 }),
      length: fc.nat({ max: 2 }),
      put: fc.constantFrom("", ",", "]", "[", "}", "{", '"', ":", "\\", " ", "1", '"rows":[1],', "[],", "\ufeff", "é"),
    });
    await fc.assert(
      fc.asyncProperty(
        body,
        fc.array(change, { maxLength: 2 }),
        fc.constantFrom(undefined, 1),
        async (value, changes, indent) => {
          let text = JSON.stringify(value, null, indent);
          for (const { at, length, put } of changes) {
            const place = at % (text.length + 1);
            text = text.slice(0, place) + put + text.slice(place + length);
          }
          const { parsed } = await parseByGroups(text);
          const whole = parse(text);
          expect(JSON.stringify(parsed.value)).toBe(JSON.stringify(whole.value));
          expect([parsed.fault?.code, parsed.fault?.pointer]).toEqual([whole.fault?.code, whole.fault?.pointer]);
        },
      ),
      { numRuns: 1_000 },
    );
  });

  test.each([
    '{"rows":[1,2],"rows":[3]}',
    '{"rows":[1,2],"rows":3}',
    '{"rows":1,"rows":[1,2]}',
    '{"rows":[{"a":1,"a":2}],"b":[]}',
  ])("knows a key that stands twice: %s", async (text) => {
    expect((await parseByGroups(text)).parsed).toEqual(parse(text));
  });

  test("lets others have their turn for each group", async () => {
    const text = JSON.stringify({ rows: Array.from({ length: 1_000 }, (_, row) => ({ row })) });
    const { turns, size, parsed } = await parseByGroups(text, 100);
    expect(turns).toBeGreaterThan(text.length / 200);
    expect(size).toMatchObject({ elements: 1_000, members: 1_001 });
    expect(parsed).toEqual(parse(text));
  });
});

describe("the count of what there is, before anything is made of it", () => {
  test("is never too small, and exact for rows", () => {
    const countValues = (value: unknown): number =>
      typeof value === "object" && value !== null
        ? 1 + Object.values(value).reduce<number>((sum, item) => sum + countValues(item), 0)
        : 1;
    fc.assert(
      fc.property(fc.array(fc.jsonValue({ maxDepth: 3 }), { minLength: 1 }), (rows) => {
        const bytes = Buffer.from(JSON.stringify({ rows }));
        const scanner = createJsonScanner(bytes);
        scanner.scanTo(bytes.length);
        expect(scanner.size.elements).toBe(rows.length);
        expect(scanner.size.values).toBeGreaterThanOrEqual(countValues({ rows }) - 1 - rows.length);
        expect(scanner.size.values * 2).toBeGreaterThanOrEqual(countValues({ rows }));
      }),
    );
  });
});
