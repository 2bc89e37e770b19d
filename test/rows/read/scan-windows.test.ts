import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { CHUNK_DAYS } from "../../../server/src/channels/chunk-interval.ts";
import { type Instant, instantOf, parseInstant } from "../../../server/src/formats/instant.ts";
import { scanWindows } from "../../../server/src/rows/read/scan-windows.ts";

const FIRST_MS = Date.parse("0001-01-01T00:00:00Z");
const LAST_MS = Date.parse("9999-12-31T23:59:59.999Z");
const MS_PER_DAY = 86_400_000;

function at(text: string): Instant {
  const instant = parseInstant(text);
  if (!instant) throw new Error(`not a time: ${text}`);
  return instant;
}

/** A point in time with microseconds: those of stored rows have some. */
const moment = fc
  .tuple(
    fc.oneof(
      fc.integer({ min: FIRST_MS, max: LAST_MS }),
      fc.constantFrom(FIRST_MS, 0, LAST_MS),
      fc.integer({ min: 1_709_251_200_000, max: 1_709_251_300_000 }),
    ),
    fc.integer({ min: 0, max: 999 }),
  )
  .map(([ms, micros]) => at(instantOf(ms).text.replace(/000Z$/, `${String(micros).padStart(3, "0")}Z`)));

const stretch = fc
  .record({
    ends: fc.tuple(moment, moment),
    direction: fc.constantFrom("ascending", "descending"),
    rowRate: fc.oneof(
      fc.double({ min: 0, max: 1e6, noNaN: true }),
      fc.double({ min: 1e-15, max: 1e-9, noNaN: true }),
      fc.constantFrom(0, Number.MIN_VALUE, 1e-12, 1, Number.MAX_VALUE),
    ),
    rowsNeeded: fc.oneof(fc.integer({ min: 2, max: 10_001 }), fc.constantFrom(1, Number.MAX_SAFE_INTEGER)),
    chunkDays: fc.constantFrom(...Object.values(CHUNK_DAYS)),
  })
  .map(({ ends: [one, other], direction, rowRate, rowsNeeded, chunkDays }) => {
    const [low, high] = one.text <= other.text ? [one, other] : [other, one];
    return { low, high, direction, rowRate, rowsNeeded, chunkDays };
  });

describe("the windows of any stretch", () => {
  test("lie within it, widen from the end where the page begins, and end with the whole", () => {
    fc.assert(
      fc.property(stretch, (stretch) => {
        const { low, high, direction } = stretch;
        const windows = scanWindows(stretch);
        expect(windows.at(-1)).toEqual({ low: low.text, high: high.text });
        for (const [index, window] of windows.entries()) {
          const wider = windows[index + 1] ?? { low: low.text, high: high.text };
          expect([window.low, window.high]).toEqual([parseInstant(window.low)?.text, parseInstant(window.high)?.text]);
          expect(window.low <= window.high && wider.low <= window.low && window.high <= wider.high).toBe(true);
          expect(direction === "ascending" ? window.low === low.text : window.high === high.text).toBe(true);
        }
        expect(new Set(windows.map((window) => `${window.low} ${window.high}`)).size).toBe(windows.length);
      }),
      { numRuns: 1_000 },
    );
  });

  test("are at most 12, however long, sparse or finely cut it is", () => {
    fc.assert(
      fc.property(stretch, (stretch) => {
        expect(scanWindows(stretch).length).toBeLessThanOrEqual(12);
      }),
      { numRuns: 1_000 },
    );
  });
});

describe("the first window", () => {
  const years = {
    low: at("2004-01-01T00:00:00Z"),
    high: at("2024-01-01T00:00:00.000001Z"),
    rowRate: 1 / MS_PER_DAY,
    rowsNeeded: 101,
    chunkDays: 1,
  };

  function days({ low, high }: { low: string; high: string }): number {
    return (Date.parse(high) - Date.parse(low)) / MS_PER_DAY;
  }

  test.for(["ascending", "descending"] as const)("holds the page of an even series, and little more of it: %s", (direction) => {
    const [first] = scanWindows({ ...years, direction });
    expect(first && days(first)).toBeGreaterThanOrEqual(years.rowsNeeded);
    expect(first && days(first)).toBeLessThan(years.rowsNeeded * 4);
  });

  test("starts at the end that the order names", () => {
    expect(scanWindows({ ...years, direction: "ascending" })[0]?.low).toBe(years.low.text);
    expect(scanWindows({ ...years, direction: "descending" })[0]?.high).toBe(years.high.text);
  });

  test("spans a part of a chunk even when a page takes a second, and no more than that", () => {
    const [first] = scanWindows({ ...years, chunkDays: 30, rowRate: 1, direction: "descending" });
    expect(first && days(first)).toBeCloseTo(7.5);
  });

  test("has more to spare where that costs a few chunks only", () => {
    const [first] = scanWindows({ ...years, chunkDays: 3_650, direction: "descending" });
    expect(first && days(first)).toBeGreaterThanOrEqual(years.rowsNeeded * 8);
  });

  test("is the whole when the whole may hold no more than the page", () => {
    const whole = [{ low: years.low.text, high: years.high.text }];
    expect(scanWindows({ ...years, direction: "descending", rowsNeeded: 10_001 })).toEqual(whole);
    expect(scanWindows({ ...years, direction: "descending", rowRate: 0 })).toEqual(whole);
  });

  test("of a single moment is that moment", () => {
    const moment = at("2024-03-01T00:00:00.000001Z");
    expect(scanWindows({ ...years, low: moment, high: moment, direction: "ascending" })).toEqual([
      { low: moment.text, high: moment.text },
    ]);
  });
});
