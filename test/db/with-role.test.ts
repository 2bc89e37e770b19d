import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { withRole } from "../../server/src/db/role-url.ts";

const URL_OF_LOGIN = "postgres://app:s%40cret%2B@db.example:5433/my%20data";

/** Percent decoding alone: in a connection URL a plus is a plus. */
function optionsOf(url: string): string {
  const options = /[?&]options=([^&#]*)/.exec(url)?.[1] ?? "";
  return decodeURIComponent(options);
}

/** As PostgreSQL's pg_split_opts does: at white space, where a backslash keeps what follows. */
function splitOptions(options: string): string[] {
  const found = options.match(/(?:\\[^]|[^ \t\n\v\f\r\\])+/g) ?? [];
  return found.map((option) => option.replaceAll(/\\([^])/g, "$1"));
}

const CHECK = ["-c", "client_connection_check_interval=200", "-c", "random_page_cost=1.1"];

describe("a connection URL", () => {
  test("acts as the role, in UTC after ISO 8601", () => {
    expect(splitOptions(optionsOf(withRole(URL_OF_LOGIN, "kronicle_reader")))).toEqual([
      ...CHECK,
      "-c",
      "role=kronicle_reader",
      "-c",
      "timezone=UTC",
      "-c",
      "datestyle=ISO",
    ]);
  });

  test("acts as its login, in UTC, without a role", () => {
    expect(splitOptions(optionsOf(withRole(URL_OF_LOGIN, null)))).toEqual([
      ...CHECK,
      "-c",
      "timezone=UTC",
      "-c",
      "datestyle=ISO",
    ]);
  });

  test("keeps its login, host, database and parameters", () => {
    const url = new URL(withRole(`${URL_OF_LOGIN}?sslmode=require&application_name=my%20app%2B1%26more`, "r"));
    expect(url.href.split("?")[0]).toBe(URL_OF_LOGIN);
    expect([...url.searchParams.keys()]).toEqual(["sslmode", "application_name", "options"]);
    expect(url.searchParams.get("sslmode")).toBe("require");
    expect(url.search).toContain("application_name=my%20app%2B1%26more");
  });

  test("keeps its options, and has the last word on role and zone, and the first on the check", () => {
    const url = withRole(`${URL_OF_LOGIN}?options=-c%20search_path%3Dtsdb%5C%20x%20-c%20role%3Dother&sslmode=disable`, "mine");
    expect(splitOptions(optionsOf(url))).toEqual([
      ...CHECK,
      "-c",
      "search_path=tsdb x",
      "-c",
      "role=other",
      "-c",
      "role=mine",
      "-c",
      "timezone=UTC",
      "-c",
      "datestyle=ISO",
    ]);
    expect(url.match(/options=/g)).toHaveLength(1);
  });

  test("writes spaces as %20: a plus would reach PostgreSQL as a plus", () => {
    const url = withRole(`${URL_OF_LOGIN}?application_name=a%20b`, "my role");
    expect(url).not.toContain("+");
    expect(url).toContain("-c%20role");
  });
});

describe("the name of the role", () => {
  test.for([
    "my role",
    String.raw`a\b`,
    String.raw`a\ b`,
    "a -c role=postgres",
    "a\tb",
    "a\nb",
    "a&b=c#d?e",
    "a+b",
    "100%25",
    "é",
    "it's",
    '"q"',
  ])("reaches the database as it is: %j", (role) => {
    expect(splitOptions(optionsOf(withRole(URL_OF_LOGIN, role)))).toEqual([
      ...CHECK,
      "-c",
      `role=${role}`,
      "-c",
      "timezone=UTC",
      "-c",
      "datestyle=ISO",
    ]);
  });

  test("reaches the database as it is, whatever it holds", () => {
    const anyRole = fc.oneof(
      fc.string({ unit: "grapheme" }),
      fc.string({ unit: fc.constantFrom(" ", "\\", "\t", "+", "%", "&", "a") }),
    );
    fc.assert(
      fc.property(anyRole, (role) => {
        expect(splitOptions(optionsOf(withRole(URL_OF_LOGIN, role)))).toEqual([
          ...CHECK,
          "-c",
          `role=${role}`,
          "-c",
          "timezone=UTC",
          "-c",
          "datestyle=ISO",
        ]);
      }),
    );
  });
});
