import { describe, expect, test } from "vitest";
import { isRelativeTime, readTimeBound } from "../../server/src/formats/time-bound.ts";

const NOW = Date.parse("2024-03-01T12:00:00.250Z");

const read = (text: string) => readTimeBound(text, NOW)?.text ?? null;

describe("a bound of time", () => {
  test.each([
    ["2024-03-01T00:00:00+01:00", "2024-02-29T23:00:00.000000Z"],
    ["1709251200", "2024-03-01T00:00:00.000000Z"],
    ["1709251200.5", "2024-03-01T00:00:00.500000Z"],
    ["1709251200.000001", "2024-03-01T00:00:00.000001Z"],
    ["1709251200.1234560", "2024-03-01T00:00:00.123456Z"],
    ["1709251200250", "2024-03-01T00:00:00.250000Z"],
    ["1000000000", "2001-09-09T01:46:40.000000Z"],
    ["9999999999", "2286-11-20T17:46:39.000000Z"],
    ["9999999999999", "2286-11-20T17:46:39.999000Z"],
    ["now", "2024-03-01T12:00:00.250000Z"],
    ["now-90s", "2024-03-01T11:58:30.250000Z"],
    ["now-15m", "2024-03-01T11:45:00.250000Z"],
    ["now-1h", "2024-03-01T11:00:00.250000Z"],
    ["now+1h", "2024-03-01T13:00:00.250000Z"],
    ["now-7d", "2024-02-23T12:00:00.250000Z"],
    ["now-2w", "2024-02-16T12:00:00.250000Z"],
  ])("may be %s, which is %s", (text, time) => {
    expect(read(text)).toBe(time);
  });

  test("knows the day it is on, as every instant does", () => {
    expect(readTimeBound("1709251200.5", NOW)?.day).toBe(19_783);
    expect(readTimeBound("now-1d", NOW)?.day).toBe(19_782);
  });

  test.each([
    "",
    "0",
    "170925120",
    "17092512000",
    "170925120000",
    "17092512000000",
    "-1709251200",
    "1709251200.",
    "1709251200.1234567",
    "1709251200250.5",
    "1.7e9",
    "2024-03-01",
    "today",
    "NOW",
    "now-",
    "now-1",
    "now-1y",
    "now-1h30m",
    "now-1.5h",
    "now 1h",
    "now--1h",
    "now-999999999w",
    "now+999999999w",
    " now",
  ])("is not %j", (text) => {
    expect(read(text)).toBeNull();
  });

  test("tells whether it moves with the clock", () => {
    expect(["now", "now-1h", "now+1d"].every(isRelativeTime)).toBe(true);
    expect(["1709251200", "2024-03-01T00:00:00Z", "now-1y"].some(isRelativeTime)).toBe(false);
  });
});
