import { beforeAll, describe, expect, test } from "vitest";
import { packCursor } from "../../../server/src/formats/cursor.ts";
import { as } from "../../support/http.ts";
import { walkPages } from "../../support/pages.ts";
import { useTestServer } from "../../support/use-test-server.ts";

type User = { email: string };

const PEOPLE = [
  { email: "ada@example.org", name: "ada", orcid: "0000-0002-1825-0097" },
  { email: "grace@example.org", name: "grace" },
  { email: "mary@example.org", name: "Mary_1" },
  { email: "rosalind@example.org" },
  { email: "hedy@example.org" },
];

const server = useTestServer();
beforeAll(async () => {
  for (const person of PEOPLE) {
    const user = { ...person, role: "reader", password: "correct horse battery staple" };
    await as("admin", server).post("/rbac/v1/users").send(user).expect(201);
  }
});

const list = (query: Record<string, string> = {}) => as("admin", server).get("/rbac/v1/users").query(query);

describe("200", () => {
  test("shows users in order of creation, without anything secret", async () => {
    const { body, text } = await list().expect(200);
    expect(body.map(({ email }: User) => email)).toEqual(PEOPLE.map(({ email }) => email));
    expect(body[0]).toEqual({
      id: expect.any(String),
      email: "ada@example.org",
      name: "ada",
      full_name: null,
      orcid: "0000-0002-1825-0097",
      role: "reader",
      disabled: false,
      created_at: expect.any(String),
      updated_at: expect.any(String),
    });
    expect(text).not.toContain("argon2");
  });

  test.each<[string, Record<string, string>, string[]]>([
    ["an e-mail", { email: "grace@example.org" }, ["grace@example.org"]],
    ["an e-mail in other case", { email: "GRACE@Example.org" }, ["grace@example.org"]],
    ["a name", { name: "ada" }, ["ada@example.org"]],
    ["an ORCID", { orcid: "0000-0002-1825-0097" }, ["ada@example.org"]],
    ["all of them", { email: "ada@example.org", name: "ada", orcid: "0000-0002-1825-0097" }, ["ada@example.org"]],
    ["two that do not meet", { email: "ada@example.org", name: "grace" }, []],
    ["a name in other case", { name: "Ada" }, []],
    ["the start of a name", { name: "a" }, []],
    ["a pattern", { name: "%" }, []],
    ["a pattern with a name", { name: "Mary__" }, []],
    ["SQL", { name: "' or '1'='1" }, []],
  ])("finds by %s", async (_what, query, found) => {
    const { body } = await list(query).expect(200);
    expect(body.map(({ email }: User) => email)).toEqual(found);
  });

  test("comes page by page, each user once", async () => {
    const { body: all } = await list().expect(200);
    const pages = await walkPages<User>(server, "/rbac/v1/users?limit=2");
    expect(pages.map((page) => page.length)).toEqual([2, 2, 1]);
    expect(pages.flat()).toEqual(all);
  });

  test("keeps a walk whole while users come and go", async () => {
    const { body: first, headers } = await list({ limit: "2" }).expect(200);
    const gone = { email: "gone@example.org", role: "reader", password: "correct horse battery staple" };
    const { body: late } = await as("admin", server).post("/rbac/v1/users").send(gone).expect(201);
    const [, next = ""] = /^<([^>]+)>/.exec(String(headers["link"])) ?? [];
    const rest = await walkPages<User>(server, next);
    await as("admin", server).delete(`/rbac/v1/users/${late.id}`).expect(200);
    const emails = [...first, ...rest.flat()].map(({ email }: User) => email);
    expect(emails).toEqual([...PEOPLE.map(({ email }) => email), "gone@example.org"]);
  });
});

describe("400", () => {
  const made = (position: unknown) => packCursor(position, ["/rbac/v1/users", {}]);

  test.each<[string, Record<string, string>]>([
    ["an empty e-mail", { email: "" }],
    ["a name with NUL", { name: "a\0" }],
    ["an unknown parameter", { role: "admin" }],
    ["a parameter in other case", { Email: "ada@example.org" }],
    ["a limit beyond 1,000", { limit: "1001" }],
    ["a cursor that is none", { cursor: "abc" }],
    ["a made-up cursor without a time", { cursor: made({ created_at: "x", id: "0b0f3a52-3c5e-4f6a-9d55-0c3c1b1f7a21" }) }],
    [
      "a made-up cursor with the year 0",
      { cursor: made({ created_at: "0000-01-01T00:00:00Z", id: "0b0f3a52-3c5e-4f6a-9d55-0c3c1b1f7a21" }) },
    ],
    ["a made-up cursor without an id", { cursor: made({ created_at: "2024-03-01T00:00:00Z", id: "x" }) }],
  ])("refuses %s", async (_what, query) => {
    await list(query).expect(400);
  });

  test("refuses a cursor of another query", async () => {
    const { headers } = await list({ limit: "1" }).expect(200);
    const cursor = new URL(/^<([^>]+)>/.exec(String(headers["link"]))?.[1] ?? "", server.url).searchParams.get("cursor") ?? "";
    await list({ cursor }).expect(200);
    const { body } = await list({ cursor, name: "ada" }).expect(400);
    expect(body).toMatchObject({ code: "query_invalid" });
  });

  test("refuses a parameter that stands twice", async () => {
    await as("admin", server).get("/rbac/v1/users?name=ada&name=grace").expect(400);
  });
});
