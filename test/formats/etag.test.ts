import { describe, expect, test } from "vitest";
import { etagOf, isMatch } from "../../server/src/formats/etag.ts";

describe("an entity tag", () => {
  test("is the version, quoted", () => {
    expect(etagOf({ version: 12 })).toBe('"12"');
  });
});

describe("If-Match", () => {
  test.for([undefined, '"3"', "*", '"1","3"', '"1" , "3"', ' "3" ', '"3",'])("allows a change of version 3: %s", (header) => {
    expect(isMatch(header, { version: 3 })).toBe(true);
  });

  // A weak tag never matches: RFC 9110 compares strongly here.
  test.for(["", '"2"', '"33"', "3", 'W/"3"', '"3', '3"', "'3'", '"1" "3"', '"*"', "**", ",", '"03"'])(
    "refuses a change of version 3: %s",
    (header) => {
      expect(isMatch(header, { version: 3 })).toBe(false);
    },
  );

  test.for(["*", '"1"', '"0"', ""])("of any kind refuses to create: %s", (header) => {
    expect(isMatch(header, null)).toBe(false);
  });

  test("that is absent allows to create", () => {
    expect(isMatch(undefined, null)).toBe(true);
  });
});
