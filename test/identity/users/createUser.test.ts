import { describe, expect, test } from "vitest";
import { anonymous, as } from "../../support/http.ts";
import { asOwner, statement } from "../../support/owner.ts";
import { useTestServer } from "../../support/use-test-server.ts";

const PASSWORD = "correct horse battery staple";

const server = useTestServer();

const createUser = (fields: object) => as("admin", server).post("/rbac/v1/users").send(fields);

async function countUsers(): Promise<number> {
  const { body } = await as("admin", server).get("/rbac/v1/users?limit=1000").expect(200);
  return body.length;
}

describe("201", () => {
  test("makes a user who can sign in, and shows nothing secret", async () => {
    const fields = {
      email: "Ada.Lovelace@Example.org",
      name: "ada",
      full_name: "Ada Lovelace",
      orcid: "0000-0002-1825-0097",
      role: "writer",
    };
    const response = await createUser({ ...fields, password: PASSWORD }).expect(201);
    expect(response.body).toEqual({
      ...fields,
      email: "ada.lovelace@example.org",
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      disabled: false,
      created_at: expect.stringMatching(/^\d{4}-.*Z$/),
      updated_at: response.body.created_at,
    });
    expect(response.get("Location")).toBe(`/rbac/v1/users/${response.body.id}`);
    const { body: found } = await as("admin", server)
      .get(response.get("Location") ?? "")
      .expect(200);
    expect(found).toEqual(response.body);
    await anonymous(server).post("/auth/v1/login").send({ login: "ada", password: PASSWORD }).expect(200);
  });

  test("needs no more than an e-mail, a role and a password", async () => {
    const { body } = await createUser({ email: "bare@example.org", role: "reader", password: PASSWORD }).expect(201);
    expect(body).toMatchObject({ name: null, full_name: null, orcid: null, disabled: false });
  });

  test("stores the password as argon2id, and as nothing else", async () => {
    const { body } = await createUser({ email: "hashed@example.org", role: "reader", password: PASSWORD }).expect(201);
    const stored = await asOwner(server.context, (owner) =>
      owner.one(statement(`select u::text as line, u.password_hash from kronicle.user_account u where u.id = '${body.id}'`)),
    );
    // OWASP: m=19456 (19 MiB), t=2, p=1, or stronger.
    const [, memory, passes] = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=1\$/.exec(String(stored["password_hash"])) ?? [];
    expect(Number(memory)).toBeGreaterThanOrEqual(19_456);
    expect(Number(passes)).toBeGreaterThanOrEqual(2);
    expect(stored["line"]).not.toContain(PASSWORD);
  });
});

describe("400", () => {
  const valid = { email: "valid@example.org", role: "reader", password: PASSWORD };

  test.each<[string, object, string]>([
    ["no e-mail", { role: "reader", password: PASSWORD }, "/email"],
    ["an e-mail without @", { ...valid, email: "valid.example.org" }, "/email"],
    ["an e-mail with two @", { ...valid, email: "a@b@example.org" }, "/email"],
    ["an e-mail with a blank", { ...valid, email: "a b@example.org" }, "/email"],
    ["an e-mail beyond ASCII", { ...valid, email: "ädä@example.org" }, "/email"],
    ["no role", { email: valid.email, password: PASSWORD }, "/role"],
    ["an unknown role", { ...valid, role: "owner" }, "/role"],
    ["a list of roles", { ...valid, role: ["admin"] }, "/role"],
    ["no password", { email: valid.email, role: "reader" }, "/password"],
    ["a password of 14 characters", { ...valid, password: "x1y2z3x1y2z3x1" }, "/password"],
    ["a password of 257 characters", { ...valid, password: "x1y2".repeat(65) }, "/password"],
    ["a password of few different characters", { ...valid, password: "abab".repeat(5) }, "/password"],
    ["a password with the e-mail", { ...valid, password: "my VALID@example.ORG" }, "/password"],
    ["a password with the start of the e-mail", { ...valid, password: "VALID and long enough" }, "/password"],
    ["a password with the name", { ...valid, name: "grace", password: "amazing grace, how sweet" }, "/password"],
    ["a password with a lone surrogate", { ...valid, password: `${PASSWORD}\ud800` }, "/password"],
    ["a name with @", { ...valid, name: "a@b" }, "/name"],
    ["an empty name", { ...valid, name: "" }, "/name"],
    ["a name with a line break", { ...valid, name: "a\nb" }, "/name"],
    ["a name with a lone surrogate", { ...valid, name: "a\ud800" }, "/name"],
    ["a full name with NUL", { ...valid, full_name: "a\0" }, "/full_name"],
    ["an ORCID of another form", { ...valid, orcid: "https://orcid.org/0000-0002-1825-0097" }, "/orcid"],
    ["an unknown field", { ...valid, disabled: true }, "/disabled"],
  ])("refuses %s, and makes nobody", async (_what, fields, pointer) => {
    const before = await countUsers();
    const { body, text } = await createUser(fields).expect(400);
    expect(body).toMatchObject({ code: "request_invalid", errors: [{ pointer }] });
    expect(text).not.toContain(PASSWORD);
    expect(await countUsers()).toBe(before);
  });
});

describe("409", () => {
  test.each([
    ["e-mail", { email: "TWIN@example.org" }],
    ["name", { name: "twin" }],
    ["ORCID", { orcid: "0000-0001-5109-3700" }],
  ])("is for a second user with the same %s", async (_what, same) => {
    const twin = { email: "twin@example.org", name: "twin", orcid: "0000-0001-5109-3700", role: "reader", password: PASSWORD };
    await createUser(twin);
    const before = await countUsers();
    const { body } = await createUser({ email: "other@example.org", role: "reader", password: PASSWORD, ...same }).expect(409);
    expect(body).toMatchObject({ code: "user_exists" });
    expect(await countUsers()).toBe(before);
  });

  test("makes one user of several who are made at once", async () => {
    const racer = { email: "racer@example.org", role: "reader", password: PASSWORD };
    const answers = await Promise.all(Array.from({ length: 6 }, () => createUser(racer)));
    expect(answers.map(({ status }) => status).toSorted()).toEqual([201, 409, 409, 409, 409, 409]);
  });
});
