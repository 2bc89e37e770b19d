import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Instant, instantOf, parseInstant } from "../../../server/src/formats/instant.ts";
import { planWindows, wholeChunks, wholeWindow } from "../../../server/src/rows/read/page-windows.ts";

const MS_PER_DAY = 86_400_000;
const FIRST_MS = Date.parse("0001-01-01T00:00:00Z");
const LAST_MS = Date.parse("9999-12-31T23:59:59.999Z");

const moment = fc.integer({ min: FIRST_MS, max: LAST_MS }).map((ms) => instantOf(ms));
const stretch = fc
  .tuple(moment, moment)
  .map(([one, other]): [Instant, Instant] => (one.text <= other.text ? [one, other] : [other, one]));
const chunkDays = fc.constantFrom(1, 30, 3_650);

describe("whole chunks", () => {
  test("hold the window, begin and end with a chunk, and are no more than it touches", () => {
    fc.assert(
      fc.property(stretch, chunkDays, ([low, high], days) => {
        const around = wholeChunks({ low: low.text, high: high.text }, days);
        expect(around.low <= low.text && high.text <= around.high).toBe(true);
        const isFirst = around.low === instantOf(FIRST_MS).text;
        const isLast = around.high === "9999-12-31T23:59:59.999999Z";
        expect(isFirst || Date.parse(around.low) % (days * MS_PER_DAY) === 0).toBe(true);
        expect(isLast || (Date.parse(around.high) + 1) % (days * MS_PER_DAY) === 0).toBe(true);
        expect(Date.parse(low.text) - Date.parse(around.low)).toBeLessThan(days * MS_PER_DAY);
        expect(Date.parse(around.high) - Date.parse(high.text)).toBeLessThan(days * MS_PER_DAY);
      }),
    );
  });
});

describe("the windows of a page", () => {
  const selection = fc.record({
    from: fc.option(moment),
    to: fc.option(moment),
    filters: fc.constant([]),
  });
  const start = fc.record({
    direction: fc.constantFrom("ascending", "descending", null),
    afterTime: fc.option(moment.map(({ text }) => text)),
    rowsNeeded: fc.integer({ min: 1, max: 10_001 }),
  });
  const channel = fc
    .tuple(stretch, fc.integer({ min: 1, max: 1e9 }), chunkDays)
    .map(([[first, last], row_count, chunk_days]) => ({ first_time: first.text, last_time: last.text, row_count, chunk_days }));

  test("reach to what was asked for and no further, and the last holds every row that can be on the page", () => {
    fc.assert(
      fc.property(channel, selection, start, (channel, selection, start) => {
        const windows = planWindows(channel, selection, start);
        const after = start.afterTime;
        const lowest = latestOf(channel.first_time, selection.from?.text, start.direction === "ascending" ? after : null);
        const highest = earliestOf(channel.last_time, selection.to?.text, start.direction === "descending" ? after : null);
        expect(windows.length > 0).toBe(lowest <= highest);
        for (const { low, high } of windows) {
          expect(low >= (selection.from?.text ?? "") && high <= (selection.to?.text ?? "Z")).toBe(true);
          expect([parseInstant(low)?.text, parseInstant(high)?.text]).toEqual([low, high]);
        }
        const whole = windows.at(-1) ?? { low: lowest, high: highest };
        expect(whole.low <= lowest && highest <= whole.high).toBe(true);
        expect(new Set(windows.map(({ low, high }) => `${low} ${high}`)).size).toBe(windows.length);
      }),
    );
  });

  test("are the same for a channel that has grown within its chunk", () => {
    const grown = (last_time: string, row_count: number) =>
      planWindows(
        { first_time: "2024-01-03T00:00:00Z", last_time, row_count, chunk_days: 30 },
        { from: null, to: null, filters: [] },
        { direction: "descending", afterTime: null, rowsNeeded: 101 },
      );
    expect(grown("2024-03-20T10:00:00Z", 10_000)).toEqual(grown("2024-03-20T10:05:00.5Z", 10_005));
  });

  test("of a selection are one, as wide as what can be in it", () => {
    fc.assert(
      fc.property(channel, selection, (channel, selection) => {
        const low = latestOf(channel.first_time, selection.from?.text);
        const high = earliestOf(channel.last_time, selection.to?.text);
        const window = wholeWindow(channel, selection);
        expect(window === null).toBe(low > high);
        expect(window === null || (window.low <= low && high <= window.high)).toBe(true);
      }),
    );
  });
});

function latestOf(first: string, ...others: (string | null | undefined)[]): string {
  return others.reduce<string>((best, other) => (other && other > best ? other : best), first);
}

function earliestOf(first: string, ...others: (string | null | undefined)[]): string {
  return others.reduce<string>((best, other) => (other && other < best ? other : best), first);
}
