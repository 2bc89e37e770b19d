import * as fc from "fast-check";
import ts from "typescript";
import { describe, expect, test } from "vitest";
import type { DescribedChannel } from "../../../client/src/typegen/name-channels.ts";
import { nameChannels } from "../../../client/src/typegen/name-channels.ts";
import { writeDefinitions } from "../../../client/src/typegen/write-definitions.ts";
import { NASTY } from "../nasty-texts.ts";

/** Names that are near each other, so that they meet, and names of any characters. */
const words = fc.constantFrom(
  "thermo",
  "Thermo",
  "THERMO",
  "1",
  "room",
  "class",
  "defineChannel",
  "früh",
  "ɤ",
  "温度",
  "ʼn",
  "_",
  "-",
  " ",
  "*/",
);
const names = fc.oneof(
  fc.array(words, { minLength: 1, maxLength: 3 }).map((parts) => parts.join("")),
  fc.string({ unit: "binary", minLength: 1, maxLength: 20 }),
  fc.constantFrom(...NASTY.filter((text) => text !== "")),
  fc.constantFrom("constructor", "undefined", "await", "let", "module", "exports", "NaN", "async", "of"),
);
const texts = fc.oneof(fc.string({ unit: "binary", maxLength: 20 }), fc.constantFrom(...NASTY, "*/ alert(1) /*", "`${x}`"));
const columnNames = fc
  .oneof(names, fc.constantFrom("temperature", "1", "a b", "°C", "PM2.5"))
  .filter((name) => !["__proto__", "time"].includes(name));
const types = fc.constantFrom("float", "optional[str]", "int64", "double precision", "optional[timestamptz]");

const channels: fc.Arbitrary<DescribedChannel[]> = fc.uniqueArray(
  fc.record({
    name: fc.option(names),
    channel_id: fc.uuid(),
    channel_schema: fc.dictionary(columnNames, types, { minKeys: 1, maxKeys: 4 }),
    column_info: fc.dictionary(columnNames, fc.record({ unit: texts, description: texts }, { requiredKeys: [] }), { maxKeys: 2 }),
  }),
  { selector: ({ name, channel_id }) => name ?? channel_id, maxLength: 8 },
);

type Definition = { readonly name: string; readonly columns: ReadonlyMap<string, string> };

/** What the compiler makes of the text: nothing but an import and definitions may be there. */
function parse(text: string): Definition[] {
  const source = ts.createSourceFile("channels.ts", text, ts.ScriptTarget.ES2022, true);
  // Without a target the compiler takes ES5, whose table of letters is older: it lacks U+9FCD, for one.
  const compilerOptions = { target: ts.ScriptTarget.ES2022 };
  expect(ts.transpileModule(text, { reportDiagnostics: true, compilerOptions }).diagnostics).toEqual([]);
  const [first, ...others] = source.statements;
  expect(first && ts.isImportDeclaration(first)).toBe(true);
  return others.map((statement) => {
    const [declaration] = ts.isVariableStatement(statement) ? statement.declarationList.declarations : [];
    const call = declaration?.initializer;
    if (!declaration || !ts.isIdentifier(declaration.name) || !call || !ts.isCallExpression(call))
      throw new Error("no definition");
    expect(call.expression.getText()).toBe("defineChannel");
    const [columns] = call.arguments;
    if (!columns || !ts.isObjectLiteralExpression(columns)) throw new Error("no columns");
    return { name: declaration.name.text, columns: new Map(columns.properties.map(readColumn)) };
  });
}

function readColumn(property: ts.ObjectLiteralElementLike): [string, string] {
  if (
    !ts.isPropertyAssignment(property) ||
    ts.isComputedPropertyName(property.name) ||
    !ts.isStringLiteral(property.initializer)
  ) {
    throw new Error(`no column: ${property.getText()}`);
  }
  return [property.name.text, property.initializer.text];
}

describe("definitions of arbitrary channels", () => {
  test("are read by the compiler as just the columns of each, under names that are all different", () => {
    fc.assert(
      fc.property(channels, fc.constantFrom("exact" as const, "date" as const), (given, times) => {
        const definitions = parse(writeDefinitions(given, { times }));
        expect(new Set(definitions.map(({ name }) => name)).size).toBe(given.length);

        const identifiers = nameChannels(given);
        const expected = given.map((channel) => [identifiers.get(channel), Object.entries(channel.channel_schema)]);
        const read = definitions.map(({ name, columns }) => [name, [...columns]]);
        expect(read.toSorted()).toEqual(expected.toSorted());
      }),
      { numRuns: 500 },
    );
  });

  test("are the same whatever the order of the channels", () => {
    const orders = channels.chain((given) =>
      fc.tuple(fc.constant(given), fc.shuffledSubarray(given, { minLength: given.length })),
    );
    fc.assert(
      fc.property(orders, ([given, shuffled]) => {
        expect(writeDefinitions(shuffled, { times: "exact" })).toBe(writeDefinitions(given, { times: "exact" }));
      }),
    );
  });

  test("never come to mean another channel when channels are added", () => {
    const growing = channels.chain((all) => fc.tuple(fc.constant(all), fc.subarray(all)));
    fc.assert(
      fc.property(growing, ([all, before]) => {
        const later = new Map([...nameChannels(all)].map(([channel, name]) => [name, channel]));
        for (const [channel, name] of nameChannels(before)) expect([undefined, channel]).toContain(later.get(name));
      }),
      { numRuns: 500 },
    );
  });
});
