import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseDuration } from "../../server/src/formats/duration.ts";
import { instantOf, MS_PER_DAY, parseInstant } from "../../server/src/formats/instant.ts";
import { stepBack } from "../../server/src/formats/step-back.ts";

const FIRST = "0001-01-01T00:00:00.000000Z";

function before(time: string, length: string): string | undefined {
  const [instant, duration] = [parseInstant(time), parseDuration(length)];
  return instant && duration ? stepBack(instant, duration).text : undefined;
}

const moment = fc
  .tuple(fc.integer({ min: Date.parse(FIRST), max: Date.parse("9999-12-31T23:59:59.999Z") }), fc.nat({ max: 999 }))
  .map(([ms, micros]) => `${instantOf(ms).text.slice(0, -4)}${String(micros).padStart(3, "0")}Z`);

describe("the time before another", () => {
  test.each([
    ["2024-03-01T00:00:00.000001Z", "P7D", "2024-02-23T00:00:00.000001Z"],
    ["2024-03-01T00:00:00Z", "PT0.000001S", "2024-02-29T23:59:59.999999Z"],
    ["2024-03-31T12:00:00Z", "P1M", "2024-02-29T12:00:00.000000Z"],
    ["2023-03-31T12:00:00Z", "P1M", "2023-02-28T12:00:00.000000Z"],
    ["2024-02-29T12:00:00Z", "P1Y", "2023-02-28T12:00:00.000000Z"],
    ["2024-03-31T12:00:00Z", "P1M1D", "2024-02-28T12:00:00.000000Z"],
    ["2024-01-15T00:00:00Z", "P14M", "2022-11-15T00:00:00.000000Z"],
    ["0099-06-01T00:00:00Z", "P1M", "0099-05-01T00:00:00.000000Z"],
    ["0001-02-01T00:00:00Z", "P1M", FIRST],
    ["0001-01-15T00:00:00Z", "P1M", FIRST],
    ["2024-03-01T00:00:00Z", "P3000Y", FIRST],
    ["2024-03-01T00:00:00Z", "P999999999D", FIRST],
    ["9999-12-31T23:59:59.999999Z", "P0D", "9999-12-31T23:59:59.999999Z"],
  ])("%s by %s is %s", (time, length, expected) => {
    expect(before(time, length)).toBe(expected);
  });

  test("is a real one, never later, and never before year 1", () => {
    fc.assert(
      fc.property(
        moment,
        fc.integer({ min: 0, max: 999_999_999 }),
        fc.constantFrom("ms", "s", "m", "h", "d", "w", "mo", "y"),
        (time, count, unit) => {
          const text = before(time, `${count}${unit}`) ?? "";
          expect(parseInstant(text)?.text).toBe(text);
          expect(text >= FIRST && text <= time).toBe(true);
        },
      ),
    );
  });

  test("lies as far back as so many days and milliseconds are long", () => {
    const recent = fc.integer({ min: Date.parse("1500-01-01"), max: Date.parse("2500-01-01") });
    fc.assert(
      fc.property(recent, fc.nat({ max: 100_000 }), fc.nat({ max: 999_999_999 }), (ms, days, past) => {
        const then = stepBack(instantOf(ms), { months: 0, days, micros: BigInt(past) * 1_000n });
        expect(then).toEqual(instantOf(ms - days * MS_PER_DAY - past));
      }),
    );
  });
});
