import { CsvError } from "csv-parse";
import { parse } from "csv-parse/sync";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createCsvScanner, type CsvLine } from "../../../../server/src/rows/append/formats/csv-lines.ts";

function scan(text: string, count = () => {}): CsvLine[] {
  const scanner = createCsvScanner(text, count);
  const lines: CsvLine[] = [];
  while (scanner.position < text.length && lines.at(-1)?.kind !== "unclosed") lines.push(scanner.readLine());
  return lines;
}

const NOISE = fc
  .array(fc.constantFrom(",", '"', '""', '"a"', "a", "é", "\n", ",\n", "a,"), { maxLength: 20 })
  .map((parts) => parts.join(""));

/** What a well-known parser reads; null when it reads nothing of it, for one line that it does not like. */
function parseWhole(text: string): string[][] | null {
  try {
    return parse(text, { recordDelimiter: "\n", relaxColumnCount: true, skipEmptyLines: true });
  } catch (error) {
    if (error instanceof CsvError) return null;
    throw error;
  }
}

describe("lines of CSV", () => {
  test("are what a well-known parser reads, wherever it reads anything", () => {
    fc.assert(
      fc.property(NOISE, (text) => {
        const lines = scan(text);
        const known = parseWhole(text);
        expect(lines.every(({ kind }) => kind === "fields" || kind === "empty")).toBe(known !== null);
        const fields = lines.flatMap((line) => (line.kind === "fields" ? [line.fields.map((field) => field ?? "")] : []));
        // Lines of commas are empty here only.
        const isFull = (line: readonly string[]) => line.some((field) => field !== "");
        expect(fields.filter(isFull)).toEqual((known ?? fields).filter(isFull));
      }),
      { numRuns: 2_000 },
    );
  });

  test("are all that there is, each counted once, whatever it is", () => {
    const anything = fc.array(fc.oneof(NOISE, fc.constantFrom("\r", "\r\n", " ", "\t", "\0"), fc.string({ unit: "binary" })));
    fc.assert(
      fc.property(anything, (parts) => {
        const text = parts.join("");
        const lines = scan(text);
        let next = 1;
        for (const { kind, first, last } of lines) {
          // The line of a quote that is never closed may be one further down, within other quotes.
          expect(kind === "unclosed" ? first >= next : first === next).toBe(true);
          expect(last).toBeGreaterThanOrEqual(first);
          next = last + 1;
        }
      }),
      { numRuns: 1_000 },
    );
  });

  test("count each field before it is made", () => {
    let fields = 0;
    scan('a,b\n,\n"c"', () => fields++);
    expect(fields).toBe(5);
  });
});
