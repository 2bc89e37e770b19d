import { describe, expect, test } from "vitest";
import { type Column, countSlots, planColumns, schemaJson, toChannelSchema } from "../../server/src/columns/channel-schema.ts";

/** Places and codes of the faults. */
function faultsOf(schema: Record<string, string>) {
  return planColumns(schema).faults.map(({ pointer, code }) => [pointer, code]);
}

function columnsOf(schema: Record<string, string>): Column[] {
  const { columns, faults } = planColumns(schema);
  expect(faults).toEqual([]);
  return columns;
}

function wide(count: number): Record<string, string> {
  return Object.fromEntries(Array.from({ length: count }, (_, index) => [`c${index}`, "float"]));
}

describe("a schema", () => {
  test("becomes columns in the order of their declaration, with slots numbered by storage type", () => {
    const schema = {
      d: "double",
      a: "optional[str]",
      n: "int",
      big: "int64",
      b: "float",
      doc: "json",
      l: "optional[list]",
      t: "text",
    };
    expect(columnsOf({ ...schema, at: "date", id: "uuid4", on: "boolean" })).toEqual([
      { name: "d", type: "float", optional: false, slot: "float8_1" },
      { name: "a", type: "str", optional: true, slot: "text_1" },
      { name: "n", type: "int", optional: false, slot: "int8_1" },
      { name: "big", type: "int64", optional: false, slot: "int8_2" },
      { name: "b", type: "float", optional: false, slot: "float8_2" },
      { name: "doc", type: "dict", optional: false, slot: "jsonb_1" },
      { name: "l", type: "list", optional: true, slot: "jsonb_2" },
      { name: "t", type: "str", optional: false, slot: "text_2" },
      { name: "at", type: "datetime", optional: false, slot: "timestamptz_1" },
      { name: "id", type: "uuid", optional: false, slot: "uuid_1" },
      { name: "on", type: "bool", optional: false, slot: "bool_1" },
    ]);
  });

  test("takes as many slots of each storage type as countSlots says", () => {
    const columns = columnsOf({ a: "float", b: "int", c: "optional[int64]", d: "float", e: "dict", f: "list", g: "bool" });
    expect(countSlots(columns)).toEqual({ float8: 2, int8: 2, jsonb: 2, bool: 1 });
  });

  test("is shown with time first and types by their first name, and means the same when declared again", () => {
    const columns = columnsOf({ b: "double precision", a: "optional[timestamptz]" });
    expect(schemaJson(columns)).toBe('{"time":"datetime","b":"float","a":"optional[datetime]"}');
    expect(columnsOf(toChannelSchema(columns))).toEqual(columns);
  });

  test("has names that are whole numbers at the front, in numeric order, for JavaScript keeps no other", () => {
    const columns = columnsOf({ b: "float", "20": "float", a: "float", "3": "float" });
    expect(schemaJson(columns)).toBe('{"time":"datetime","3":"float","20":"float","b":"float","a":"float"}');
  });

  test.for(["datetime", "timestamp", "timestamptz", "date", "time"])("may declare time as %s, which changes nothing", (type) => {
    expect(columnsOf({ a: "int", time: type })).toEqual(columnsOf({ a: "int" }));
  });

  test.for(["optional[datetime]", "str", "float"])("may not declare time as %s", (type) => {
    expect(faultsOf({ a: "int", time: type })).toEqual([["/channel_schema/time", "reserved_name"]]);
  });

  test("has 1 to 256 columns besides time", () => {
    expect(columnsOf(wide(256))).toHaveLength(256);
    expect(columnsOf({ ...wide(256), time: "datetime" })).toHaveLength(256);
    expect(faultsOf(wide(257))).toEqual([["/channel_schema", "too_many_columns"]]);
    expect(faultsOf({})).toEqual([["/channel_schema", "too_few_columns"]]);
    expect(faultsOf({ time: "datetime" })).toEqual([["/channel_schema", "too_few_columns"]]);
  });

  test("tells every fault with its place", () => {
    expect(faultsOf({ "m/s": "speed", "~": "float", ok: "int", "-x": "int", time: "int" })).toEqual([
      ["/channel_schema/m~1s", "unknown_type"],
      ["/channel_schema/~0", "bad_name"],
      ["/channel_schema/-x", "bad_name"],
      ["/channel_schema/time", "reserved_name"],
    ]);
  });
});

describe("what is said of a bad name", () => {
  test.for([
    ["a;b", 'the name holds ";" (U+003B)'],
    ["Δ#1", 'the name holds "#" (U+0023)'],
    ["a\tb", "the name holds U+0009;"],
    ["a\u200bb", "the name holds U+200B;"],
    ["a\ud800", "the name holds U+D800;"],
    ["🌡", 'the name holds "🌡" (U+1F321)'],
    ["-x", 'a name does not start with -; "-x" does'],
    ["", "a name has 1 to 128 characters; this one has 0"],
    ["a".repeat(129), "a name has 1 to 128 characters; this one has 129"],
  ] as const)("%j: %s", ([name, words]) => {
    expect(planColumns({ [name]: "float" }).faults[0]?.detail).toContain(words);
  });
});

describe("what is said of a type that there is not", () => {
  test.for([
    ["flaot", 'there is no column type "flaot"; did you mean "float"?'],
    ["Float", 'there is no column type "Float"; did you mean "float"?'],
    ["optional[flot]", 'there is no column type "optional[flot]"; did you mean "float"?'],
    ["varchar", 'there is no column type "varchar"; there are str, int, int64, float, bool, uuid, datetime, dict, list'],
    ["", 'there is no column type ""; there are str'],
    ["x".repeat(100_000), `there is no column type "${"x".repeat(64)}…"; there are`],
  ] as const)("%s: %s", ([type, words]) => {
    expect(planColumns({ a: type }).faults[0]?.detail).toContain(words);
  });
});

describe("a name that would be a path into the documents of another column", () => {
  test.for([
    [{ a: "dict", "a.b": "float" }, "a.b"],
    [{ "a.b.c": "float", a: "optional[json]" }, "a.b.c"],
    [{ "a.b": "dict", "a.b.c": "dict" }, "a.b.c"],
    [{ A: "dict", "a.b": "float" }, "a.b"],
    [{ a: "dict", "a.": "float" }, "a."],
  ] as const)("is refused: %j", ([schema, name]) => {
    expect(faultsOf(schema)).toEqual([[`/channel_schema/${name}`, "ambiguous_name"]]);
  });

  test.for([
    { a: "str", "a.b": "float" },
    { a: "list", "a.b": "dict" },
    { a: "dict", ab: "float", "a-b.c": "float", ".a": "float", "b.a": "float" },
  ])("may be %j", (schema) => {
    expect(columnsOf(schema)).toHaveLength(Object.keys(schema).length);
  });
});

describe("a column name", () => {
  test.for(
    [
      ["temperature", "T", "a-b", "a--", "_", "_a", "t (°C)", "RH %", "km/h", "°", "%", "9", "1 2", "/", "(x)", "constructor"],
      ["température", "\u00e9", "温度", "темп", "درجة", "ताप", "สูง", "٣", "toString", "hasOwnProperty", "time_", "received at"],
      ["a".repeat(128), "é".repeat(128), "𝒳".repeat(128), "PM2.5", ".5", "Temp.", ".", "..", "time.x", "__proto__.x"],
    ].flat(),
  )("may be %s", (name) => {
    expect(columnsOf({ [name]: "float" }).map((column) => column.name)).toEqual([name]);
  });

  test.for(
    [
      ["", "-a", "-", "a".repeat(129), "𝒳".repeat(129), "a,b", "a:b", "a;b", 'a"b', "a'b", "a`b", "a[b]", "a{b}", "a\\b"],
      ["a=b", "a<b", "a&b", "a?b", "a*b", "a+b", "a|b", "a~b", "a^b", "a!b", "a#b", "a$b", "a@b", "$1", "€"],
      [
        "a\tb",
        "a\nb",
        "a\u0000b",
        "a\u007fb",
        "a\u00a0b",
        "a\u200bb",
        "a\u200db",
        "a\u202eb",
        "a\ufeffb",
        "a\ud800",
        "😀",
        "\ue000",
      ],
    ].flat(),
  )("may not be %j", (name) => {
    expect(planColumns({ [name]: "float" }).faults.map(({ code }) => code)).toEqual(["bad_name"]);
  });

  test.for(["e\u0301", "\u212b", "\u2126", "\u1112\u1161\u11ab"])("is in Unicode normalization form C, so not %j", (name) => {
    expect(planColumns({ [name]: "float" }).faults.map(({ code }) => code)).toEqual(["bad_name"]);
    expect(columnsOf({ [name.normalize("NFC")]: "float" })).toHaveLength(1);
  });

  test.for(["Time", "TIME", "received_at", "Received_At", "__proto__", "__PROTO__"])("is not the reserved %s", (name) => {
    const schema: unknown = JSON.parse(`{"a":"int",${JSON.stringify(name)}:"datetime"}`);
    expect(faultsOf(schema as Record<string, string>)).toEqual([[`/channel_schema/${name}`, "reserved_name"]]);
  });

  test.for([
    ["Temp", "temp"],
    ["É", "é"],
    ["ТЕМП", "темп"],
    ["ΟΔΟΣ", "οδος"],
    ["οδοσ", "οδος"],
    ["straße", "STRASSE"],
    ["\u00b5g", "\u03bcg"],
    ["\u017f", "s"],
  ] as const)("is unique when case-folded: %s and %s are one", ([name, twin]) => {
    expect(faultsOf({ [name]: "float", [twin]: "str" })).toEqual([[`/channel_schema/${twin}`, "duplicate_name"]]);
  });
});
