import * as fc from "fast-check";
import { afterEach, describe, expect, test, vi } from "vitest";
import { backoffMs, retryAfterMs } from "../../../client/src/retry/backoff.ts";

afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

describe("the pause after failures", () => {
  test("lies between nothing and a bound that doubles from 250 ms to 8 s, however many there were", () => {
    const fractions = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5_000 }), fractions, (failures, fraction) => {
        vi.spyOn(Math, "random").mockReturnValue(fraction);
        const bound = Math.min(8_000, 250 * 2 ** (failures - 1));
        expect(backoffMs(failures)).toBe(fraction * bound);
      }),
    );
  });
});

describe("the time that an answer asks for", () => {
  const askedBy = (text: string) => retryAfterMs(new Response(null, { headers: { "Retry-After": text } }));

  test("is not known when the answer does not say", () => {
    expect(retryAfterMs(new Response())).toBeNull();
  });

  test.each([
    ["0", 0],
    ["120", 120_000],
    ["Fri, 01 Mar 2024 00:00:10 GMT", 10_000],
    ["Fri, 01 Mar 2019 00:00:00 GMT", 0],
    ["soon", null],
    ["1.5s", null],
  ])("of %j is %j ms", (text, ms) => {
    vi.useFakeTimers({ now: new Date("2024-03-01T00:00:00Z"), toFake: ["Date"] });
    expect(askedBy(text)).toBe(ms);
  });

  test("is never negative, nor NaN, whatever the header says", () => {
    const headers = fc.oneof(
      fc.string({ unit: "grapheme-ascii" }),
      fc.nat().map(String),
      fc.date({ noInvalidDate: true }).map((date) => date.toUTCString()),
    );
    fc.assert(
      fc.property(headers, (text) => {
        expect(askedBy(text) ?? 0).toBeGreaterThanOrEqual(0);
      }),
    );
  });
});
