import { describe, expect, test } from "vitest";
import { isWithin, NO_LIMIT, readScope } from "../../server/src/access/channel-scope.ts";

const ONE = "6e8bc430-9c3a-4f5c-8d2e-2f1c9a7b4d10";
const OTHER = "00000000-0000-4000-8000-000000000000";

describe("a scope", () => {
  test("of neither channels nor tags is no limit", () => {
    expect(readScope(null, null)).toBe(NO_LIMIT);
  });

  test("has its channels, and its tags as filters", () => {
    expect(readScope([ONE], null)).toEqual({ channels: [ONE], tags: [] });
    expect(readScope(null, ["room:kitchen", "public"])).toEqual({
      channels: null,
      tags: [
        { key: "room", values: ['"kitchen"'] },
        { key: "public", values: null },
      ],
    });
  });

  test("of an empty list is a limit to nothing, not none", () => {
    expect(readScope([], null)).toEqual({ channels: [], tags: [] });
    expect(isWithin(readScope([], null), ONE)).toBe(false);
  });
});

describe("a channel", () => {
  test("is within no limit", () => {
    expect(isWithin(NO_LIMIT, ONE)).toBe(true);
  });

  test("is within a scope that names it, in whatever case it is asked for", () => {
    const scope = readScope([OTHER, ONE], null);
    expect(isWithin(scope, ONE)).toBe(true);
    expect(isWithin(scope, ONE.toUpperCase())).toBe(true);
  });

  test.for([OTHER, ONE.slice(1), `${ONE} `, "", "*"])("is not within a scope that does not name it: %j", (id) => {
    expect(isWithin(readScope([ONE], null), id)).toBe(false);
  });

  test("is not within a scope with tags, whatever its id: the id does not tell", () => {
    expect(isWithin(readScope(null, ["room"]), ONE)).toBe(false);
    expect(isWithin(readScope([ONE], ["room"]), ONE)).toBe(false);
    expect(isWithin(readScope(null, []), ONE)).toBe(true);
  });
});
