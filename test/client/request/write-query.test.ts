import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { writeQuery } from "../../../client/src/request/write-query.ts";
import { NASTY } from "../nasty-texts.ts";

const texts = fc.oneof(fc.constantFrom(...NASTY), fc.string({ unit: "grapheme" }));
const scalars = fc.oneof(
  texts.map((value) => ({ value, text: value })),
  fc.boolean().map((value) => ({ value, text: String(value) })),
  fc.bigInt().map((value) => ({ value, text: String(value) })),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => ({ value, text: String(value) })),
  fc.date({ noInvalidDate: true }).map((value) => ({ value, text: value.toISOString() })),
);

describe("a query", () => {
  test("is read back as it was, whatever its names and values hold", () => {
    const members = fc.uniqueArray(fc.tuple(texts, fc.oneof(scalars, fc.array(scalars))), { selector: ([name]) => name });
    fc.assert(
      fc.property(members, (given) => {
        const valueOf = (member: (typeof given)[number][1]) =>
          Array.isArray(member) ? member.map(({ value }) => value) : member.value;
        const query = Object.fromEntries(given.map(([name, member]) => [name, valueOf(member)]));
        const expected = Object.keys(query).flatMap((name) => {
          const member = given.find(([other]) => other === name)?.[1] ?? [];
          return [member].flat().map(({ text }) => [name, text]);
        });
        expect([...new URLSearchParams(writeQuery(query))]).toEqual(expected);
      }),
    );
  });

  test("stays one, behind a question mark: nothing in it ends it", () => {
    fc.assert(
      fc.property(texts, texts, (name, value) => {
        const url = new URL(`http://127.0.0.1/path?${writeQuery({ [name]: value })}#end`);
        expect([url.pathname, [...url.searchParams], url.hash]).toEqual(["/path", [[name, value]], "#end"]);
      }),
    );
  });

  test.each<[query: object, message: string]>([
    [{ from: undefined }, "from: expected text, a finite number, a boolean or a Date."],
    [{ from: {} }, "from: expected text, a finite number, a boolean or a Date."],
    [{ tags: ["room:lab", null] }, "tags: expected text, a finite number, a boolean or a Date."],
    [{ limit: NaN }, "limit: expected text, a finite number, a boolean or a Date."],
    [{ from: new Date(NaN) }, "from: an invalid Date."],
    [{ name: "\ud800" }, "name: half of a surrogate pair."],
  ])("that would lose something is refused: %o", (query, message) => {
    expect(() => writeQuery(query)).toThrow(new TypeError(message));
  });
});
