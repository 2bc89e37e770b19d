import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseDuration } from "../../server/src/formats/duration.ts";

const MINUTE = 60_000_000n;
const HOUR = 60n * MINUTE;

const of = (parts: { months?: number; days?: number; micros?: bigint }) => ({ months: 0, days: 0, micros: 0n, ...parts });

const count = fc.option(fc.integer({ min: 0, max: 999_999_999 }), { nil: undefined });
const part = (value: number | undefined, designator: string) => (value === undefined ? "" : `${value}${designator}`);

describe("a duration", () => {
  test.each([
    ["PT15M", of({ micros: 15n * MINUTE })],
    ["P1M", of({ months: 1 })],
    ["P1DT2H", of({ days: 1, micros: 2n * HOUR })],
    ["P7D", of({ days: 7 })],
    ["P2W", of({ days: 14 })],
    ["P1W2D", of({ days: 9 })],
    ["P1Y6M", of({ months: 18 })],
    ["P1YT1S", of({ months: 12, micros: 1_000_000n })],
    ["PT0.000001S", of({ micros: 1n })],
    ["PT1,5S", of({ micros: 1_500_000n })],
    ["PT1.50000000S", of({ micros: 1_500_000n })],
    ["PT36H", of({ micros: 36n * HOUR })],
    ["P0D", of({})],
    ["500ms", of({ micros: 500_000n })],
    ["30s", of({ micros: 30_000_000n })],
    ["15m", of({ micros: 15n * MINUTE })],
    ["1h", of({ micros: HOUR })],
    ["1d", of({ days: 1 })],
    ["1w", of({ days: 7 })],
    ["1mo", of({ months: 1 })],
    ["1y", of({ months: 12 })],
  ])("may be %s", (text, duration) => {
    expect(parseDuration(text)).toEqual(duration);
  });

  test.each([
    "",
    "P",
    "PT",
    "P1DT",
    "T1H",
    "P1H",
    "PT1D",
    "P1D1M",
    "P1.5D",
    "PT1.5H",
    "PT1.S",
    "PT0.0000001S",
    "-P1D",
    "P-1D",
    "+P1D",
    "p1d",
    " P1D",
    "P1D\n",
    "P1000000000D",
    "1",
    "h",
    "1H",
    "1M",
    "1.5h",
    "-1h",
    "1h30m",
    "1 h",
    "1us",
    "1e3s",
    "١d",
  ])("is not %j", (text) => {
    expect(parseDuration(text)).toBeNull();
  });

  test("in ISO 8601 is the sum of whatever parts it has, months and days apart", () => {
    const micros = fc.integer({ min: 0, max: 999_999 });
    fc.assert(
      fc.property(
        count,
        count,
        count,
        count,
        count,
        count,
        count,
        micros,
        (years, months, weeks, days, hours, minutes, seconds, fraction) => {
          const second = seconds === undefined ? "" : `${seconds}.${String(fraction).padStart(6, "0")}S`;
          const time = part(hours, "H") + part(minutes, "M") + second;
          const date = part(years, "Y") + part(months, "M") + part(weeks, "W") + part(days, "D");
          fc.pre(date + time !== "");
          expect(parseDuration(`P${date}${time === "" ? "" : "T"}${time}`)).toEqual({
            months: (years ?? 0) * 12 + (months ?? 0),
            days: (weeks ?? 0) * 7 + (days ?? 0),
            micros:
              BigInt(hours ?? 0) * HOUR +
              BigInt(minutes ?? 0) * MINUTE +
              BigInt(seconds ?? 0) * 1_000_000n +
              BigInt(seconds === undefined ? 0 : fraction),
          });
        },
      ),
    );
  });

  test("in a short form is what ISO 8601 makes of the same number", () => {
    const forms = [
      ["s", "PT", "S"],
      ["m", "PT", "M"],
      ["h", "PT", "H"],
      ["d", "P", "D"],
      ["w", "P", "W"],
      ["mo", "P", "M"],
      ["y", "P", "Y"],
    ] as const;
    fc.assert(
      fc.property(fc.nat({ max: 999_999_999 }), fc.constantFrom(...forms), (value, [unit, start, end]) => {
        expect(parseDuration(`${value}${unit}`)).toEqual(parseDuration(`${start}${value}${end}`));
      }),
    );
  });

  test("is nothing that any other text says, and reading it fails for none", () => {
    const text = fc.oneof(fc.string(), fc.string({ unit: fc.constantFrom(..."PTYMWDHS0123456789.,-mosyhdw") }));
    const shape = /^(?:P[\dYMWDTHS.,]+|\d+[a-z]{1,2})$/;
    fc.assert(
      fc.property(text, (some) => {
        expect(parseDuration(some) === null || shape.test(some)).toBe(true);
      }),
    );
  });
});
