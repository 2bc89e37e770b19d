import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  describeTimeFault,
  instantOf,
  parseInstant,
  parseWrittenInstant,
  parseWrittenInstantOrDate,
} from "../../server/src/formats/instant.ts";

const FIRST_MS = Date.parse("0001-01-01T00:00:00Z");
const LAST_MS = Date.parse("9999-12-31T23:59:59.999Z");

const epochMs = fc.oneof(
  fc.integer({ min: FIRST_MS, max: LAST_MS }),
  fc.integer({ min: FIRST_MS, max: FIRST_MS + 200_000_000 }),
  fc.integer({ min: LAST_MS - 200_000_000, max: LAST_MS }),
  fc.integer({ min: -200_000_000, max: 200_000_000 }),
);
const micros = fc.integer({ min: 0, max: 999 });
const offsetMinutes = fc.integer({ min: -1439, max: 1439 });

/** RFC 3339 as a clock at that offset shows it. */
function write(ms: number, micros: number, offset: number): string {
  const local = new Date(ms + offset * 60_000).toISOString().slice(0, -1);
  const sign = offset < 0 ? "-" : "+";
  return `${local}${digits(micros, 3)}${sign}${digits(Math.trunc(Math.abs(offset) / 60))}:${digits(Math.abs(offset) % 60)}`;
}

function digits(number: number, length = 2): string {
  return String(number).padStart(length, "0");
}

function isWritable(ms: number, offset: number): boolean {
  const local = ms + offset * 60_000;
  return local >= FIRST_MS && local <= LAST_MS;
}

describe("any time of the years 1 to 9999", () => {
  test("comes back in UTC to the microsecond, whatever the offset", () => {
    fc.assert(
      fc.property(epochMs, micros, offsetMinutes, (ms, micros, offset) => {
        fc.pre(isWritable(ms, offset));
        expect(parseInstant(write(ms, micros, offset))).toEqual({
          text: `${new Date(ms).toISOString().slice(0, -1)}${digits(micros, 3)}Z`,
          day: Math.floor(ms / 86_400_000),
        });
      }),
    );
  });

  test("sorts as text as it does in time, whatever the offsets", () => {
    const distanceMs = fc.oneof(fc.integer({ min: -2, max: 2 }), fc.integer({ min: -1e15, max: 1e15 }));
    const moment = fc.record({ micros, offset: offsetMinutes });
    fc.assert(
      fc.property(epochMs, distanceMs, moment, moment, (ms, distance, left, right) => {
        fc.pre(isWritable(ms, left.offset) && isWritable(ms + distance, 0) && isWritable(ms + distance, right.offset));
        const before = parseInstant(write(ms, left.micros, left.offset))?.text ?? "";
        const after = parseInstant(write(ms + distance, right.micros, right.offset))?.text ?? "";
        expect(before < after ? -1 : before > after ? 1 : 0).toBe(Math.sign(-distance || left.micros - right.micros));
      }),
    );
  });

  test("is the same as its own text read again", () => {
    fc.assert(
      fc.property(epochMs, (ms) => {
        const instant = instantOf(ms);
        expect(parseInstant(instant.text)).toEqual(instant);
        expect(Date.parse(instant.text)).toBe(ms);
      }),
    );
  });
});

describe("a time that is taken", () => {
  test.for([
    ["2024-03-01T00:00:00Z", "2024-03-01T00:00:00.000000Z"],
    ["2024-03-01t00:00:00z", "2024-03-01T00:00:00.000000Z"],
    ["2024-03-01T00:00:00-00:00", "2024-03-01T00:00:00.000000Z"],
    ["2024-03-01T00:00:00.1Z", "2024-03-01T00:00:00.100000Z"],
    ["2024-03-01T00:00:00.000001Z", "2024-03-01T00:00:00.000001Z"],
    ["2024-03-01T00:00:00.1234560Z", "2024-03-01T00:00:00.123456Z"],
    ["2024-03-01T00:00:00.000000000000Z", "2024-03-01T00:00:00.000000Z"],
    ["1969-12-31T23:59:59.999999Z", "1969-12-31T23:59:59.999999Z"],
    ["2024-02-29T23:59:59+23:59", "2024-02-29T00:00:59.000000Z"],
    ["2024-02-29T23:59:59-23:59", "2024-03-01T23:58:59.000000Z"],
    ["2000-02-29T00:00:00Z", "2000-02-29T00:00:00.000000Z"],
    ["0001-01-01T00:00:00Z", "0001-01-01T00:00:00.000000Z"],
    ["0099-12-31T00:00:00Z", "0099-12-31T00:00:00.000000Z"],
    ["9999-12-31T23:59:59.999999Z", "9999-12-31T23:59:59.999999Z"],
  ] as const)("%s is %s", ([text, utc]) => {
    expect(parseInstant(text)?.text).toBe(utc);
  });

  test("before 1970 belongs to a day rounded down", () => {
    expect(parseInstant("1969-12-31T23:59:59.999999Z")?.day).toBe(-1);
    expect(parseInstant("1970-01-01T00:00:00+00:01")?.day).toBe(-1);
    expect(parseInstant("1970-01-01T00:00:00Z")?.day).toBe(0);
  });
});

describe("a time that is refused", () => {
  test.for([
    ["30 February", "2024-02-30T00:00:00Z"],
    ["29 February of a common year", "2023-02-29T00:00:00Z"],
    ["29 February of a common century", "1900-02-29T00:00:00Z"],
    ["31 April", "2024-04-31T00:00:00Z"],
    ["day 0", "2024-01-00T00:00:00Z"],
    ["month 0", "2024-00-01T00:00:00Z"],
    ["month 13", "2024-13-01T00:00:00Z"],
    ["24:00", "2024-03-01T24:00:00Z"],
    ["minute 60", "2024-03-01T00:60:00Z"],
    ["a leap second", "2016-12-31T23:59:60Z"],
    ["an offset of 24 hours", "2024-03-01T00:00:00+24:00"],
    ["an offset of 25 hours", "2024-03-01T00:00:00+25:00"],
    ["an offset of 60 minutes", "2024-03-01T00:00:00-00:60"],
    ["an offset of hours alone", "2024-03-01T00:00:00+01"],
    ["an offset without a colon", "2024-03-01T00:00:00+0100"],
    ["an offset with a typographic minus", "2024-03-01T00:00:00\u{2212}01:00"],
    ["no offset", "2024-03-01T00:00:00"],
    ["an offset after Z", "2024-03-01T00:00:00Z+01:00"],
    ["a zone's name", "2024-03-01T00:00:00 UTC"],
    ["seven digits that say something", "2024-03-01T00:00:00.1234567Z"],
    ["a zero before a seventh digit", "2024-03-01T00:00:00.00000001Z"],
    ["a point without digits", "2024-03-01T00:00:00.Z"],
    ["a comma", "2024-03-01T00:00:00,5Z"],
    ["a space for the T", "2024-03-01 00:00:00Z"],
    ["no seconds", "2024-03-01T00:00Z"],
    ["no separators", "20240301T000000Z"],
    ["one digit", "2024-3-1T00:00:00Z"],
    ["other digits", "٢٠٢٤-03-01T00:00:00Z"],
    ["year 0", "0000-06-01T00:00:00Z"],
    ["a year of five digits", "12024-03-01T00:00:00Z"],
    ["an expanded year", "+002024-03-01T00:00:00Z"],
    ["a shift before year 1", "0001-01-01T00:00:00+00:01"],
    ["a shift past year 9999", "9999-12-31T23:59:00-00:01"],
    ["space before", " 2024-03-01T00:00:00Z"],
    ["a line after", "2024-03-01T00:00:00Z\n"],
    ["a bare date", "2024-03-01"],
    ["an epoch", "1709251200"],
    ["infinity", "infinity"],
    ["a word that PostgreSQL knows", "now"],
    ["nothing", ""],
  ] as const)("for %s: %s", ([, text]) => {
    expect(parseInstant(text)).toBeNull();
  });
});

describe("a time as others write it", () => {
  test.for([
    ["2024-03-01 01:00:00+01", "2024-03-01T00:00:00.000000Z"],
    ["2024-03-01 01:00:00+01:00", "2024-03-01T00:00:00.000000Z"],
    ["2024-03-01 05:30:00 +0530", "2024-03-01T00:00:00.000000Z"],
    ["2024-02-29T20:30:00.5-0330", "2024-03-01T00:00:00.500000Z"],
    ["2024-03-01 00:00:00 UTC", "2024-03-01T00:00:00.000000Z"],
    ["2024-03-01 00:00:00.000001z", "2024-03-01T00:00:00.000001Z"],
    ["2024-03-01T00:00Z", "2024-03-01T00:00:00.000000Z"],
    ["2024-03-01 01:00+01", "2024-03-01T00:00:00.000000Z"],
    ["2024-03-01 00:00:00.123456000+00", "2024-03-01T00:00:00.123456Z"],
    ["0001-01-01 00:00Z", "0001-01-01T00:00:00.000000Z"],
  ] as const)("%s is %s", ([text, utc]) => {
    expect(parseWrittenInstant(text)).toEqual(parseInstant(utc));
  });

  test("is one of RFC 3339 in another dress, and nothing else", () => {
    const dress = fc.record({
      between: fc.constantFrom("T", "t", " "),
      blank: fc.constantFrom("", " "),
      colon: fc.constantFrom("", ":"),
    });
    fc.assert(
      fc.property(epochMs, micros, offsetMinutes, dress, (ms, micros, offset, { between, blank, colon }) => {
        fc.pre(isWritable(ms, offset));
        const text = write(ms, micros, offset);
        const dressed = text.replace("T", between).replace(/([+-]\d\d):(\d\d)$/, `${blank}$1${colon}$2`);
        expect(parseWrittenInstant(dressed)).toEqual(parseInstant(text));
      }),
    );
  });

  test.for([
    "2024-02-30 00:00:00+00",
    "2024-03-01 24:00Z",
    "2024-03-01 00:00:60Z",
    "2024-03-01 00:00:00",
    "2024-03-01 00:00:00 ",
    "2024-03-01 00:00:00 00",
    "2024-03-01  00:00:00Z",
    "2024-03-01 00:00:00  Z",
    "2024-03-01 00:00:00+0",
    "2024-03-01 00:00:00+000",
    "2024-03-01 00:00:00+25",
    "2024-03-01 00:00:00+01:60",
    "2024-03-01 00:00:00 CET",
    "2024-03-01 00:00:00,5Z",
    "2024-03-01 00:00.5Z",
    "2024-03-01 00Z",
    "2024-03-01",
    "01.03.2024 00:00:00Z",
    "2024/03/01 00:00:00Z",
    "20240301T000000Z",
    " 2024-03-01 00:00:00Z",
    "2024-03-01 00:00:00Z\n",
    "2024-03-01 00:00:00.1234567Z",
    "2024-03-01 00:00:00.123456789+00",
    "",
  ])("is none as %j", (text) => {
    expect(parseWrittenInstant(text)).toBeNull();
  });

  test.for([
    ["2024-03-01T00:00:00", "no offset"],
    ["2024-03-01 00:00", "no offset"],
    ["2024-03-01T00:00:00.1234567Z", "7 digits"],
    ["2024-03-01 00:00:00.123456789+00", "9 digits"],
    ["2024-03-01T00:00:00.00000001000Z", "8 digits"],
  ] as const)("that is none says why: %s has %s", ([text, why]) => {
    expect(describeTimeFault(text)).toContain(why);
  });

  test.for(["2024-02-30T00:00:00Z", "yesterday", "", "1709251200"])("says nothing of what it does not know: %j", (text) => {
    expect(describeTimeFault(text)).toBeNull();
  });
});

describe("a bare date", () => {
  test("is midnight UTC where dates are taken", () => {
    expect(parseWrittenInstantOrDate("2024-02-29")).toEqual(parseInstant("2024-02-29T00:00:00Z"));
    expect(parseWrittenInstantOrDate("2024-02-29T01:00:00+01:00")).toEqual(parseInstant("2024-02-29T00:00:00Z"));
  });

  test.for(["2024-02-30", "0000-01-01", "2024-3-1", "2024-02-29Z", "2024-02", "2024-02-29\n"])("is refused as %s", (text) => {
    expect(parseWrittenInstantOrDate(text)).toBeNull();
  });
});

describe("a clock", () => {
  test("is read to the millisecond, rounded down", () => {
    expect(instantOf(1.9).text).toBe("1970-01-01T00:00:00.001000Z");
    expect(instantOf(-0.5).text).toBe("1969-12-31T23:59:59.999000Z");
  });

  test("outside the years 1 to 9999 is an error", () => {
    for (const ms of [FIRST_MS - 1, LAST_MS + 1, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(() => instantOf(ms)).toThrow(RangeError);
    }
  });
});
