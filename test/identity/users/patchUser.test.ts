import { describe, expect, test } from "vitest";
import { anonymous, as } from "../../support/http.ts";
import { bearer, createUser, signIn, type TestUser } from "../../support/identity.ts";
import { useTestServer } from "../../support/use-test-server.ts";

const NEW_PASSWORD = "correct horse battery staple";

const server = useTestServer();

const patch = (id: string, fields: object) => as("admin", server).patch(`/rbac/v1/users/${id}`).send(fields);

async function get(id: string) {
  const { body } = await as("admin", server).get(`/rbac/v1/users/${id}`).expect(200);
  return body;
}

async function loginStatus({ email }: Pick<TestUser, "email">, password: string): Promise<number> {
  const { status } = await anonymous(server).post("/auth/v1/login").send({ login: email, password });
  return status;
}

// How soon a change is in force where a token is in use: test/access/revocation.test.ts.
describe("200", () => {
  test.each<[string, object]>([
    ["the name", { name: "ada the first" }],
    ["the full name", { full_name: "Ada Lovelace" }],
    ["the ORCID", { orcid: "0000-0002-1825-0097" }],
    ["the role", { role: "writer" }],
    ["disabled", { disabled: true }],
    ["several fields", { name: "ada the second", role: "admin", full_name: null }],
  ])("changes %s, and nothing else", async (_what, fields) => {
    const { id } = await createUser(server, "reader");
    const before = await get(id);
    const { body } = await patch(id, fields).expect(200);
    expect(body).toEqual({ ...before, ...fields, updated_at: expect.any(String) });
    expect(Date.parse(body.updated_at)).toBeGreaterThanOrEqual(Date.parse(before.updated_at));
    expect(await get(id)).toEqual(body);
  });

  test("removes a name, a full name and an ORCID with null", async () => {
    const { id } = await createUser(server, "reader");
    await patch(id, { name: "short-lived", full_name: "Short Lived", orcid: "0000-0001-5109-3700" }).expect(200);
    const { body } = await patch(id, { name: null, full_name: null, orcid: null }).expect(200);
    expect(body).toMatchObject({ name: null, full_name: null, orcid: null });
    const other = await createUser(server, "reader");
    await patch(other.id, { name: "short-lived", orcid: "0000-0001-5109-3700" }).expect(200);
  });

  test("sets a new password in place of the old one", async () => {
    const user = await createUser(server, "reader");
    const { text } = await patch(user.id, { password: NEW_PASSWORD }).expect(200);
    expect(text).not.toContain(NEW_PASSWORD);
    expect(await loginStatus(user, user.password)).toBe(401);
    expect(await loginStatus(user, NEW_PASSWORD)).toBe(200);
  });

  test("lets a user who is enabled again sign in, and go on at once", async () => {
    const user = await createUser(server, "reader");
    await bearer(server, await signIn(server, user))
      .get("/api/v1/channels")
      .expect(200);
    await patch(user.id, { disabled: true }).expect(200);
    expect(await loginStatus(user, user.password)).toBe(401);
    await patch(user.id, { disabled: false }).expect(200);
    await bearer(server, await signIn(server, user))
      .get("/api/v1/channels")
      .expect(200);
  });

  test("lets a user of a new role sign in, and use it at once", async () => {
    const user = await createUser(server, "reader");
    await bearer(server, await signIn(server, user))
      .get("/data/v1/channels")
      .expect(403);
    await patch(user.id, { role: "writer" }).expect(200);
    await bearer(server, await signIn(server, user))
      .get("/data/v1/channels")
      .expect(200);
  });

  test("lets admins change what is no right of their own", async () => {
    const admin = await createUser(server, "admin");
    const token = await signIn(server, admin);
    await bearer(server, token).patch(`/rbac/v1/users/${admin.id}`).send({ full_name: "Myself" }).expect(200);
  });
});

describe("400", () => {
  test.each<[string, object, string]>([
    ["nothing", {}, ""],
    ["an unknown role", { role: "owner" }, "/role"],
    ["no role", { role: null }, "/role"],
    ["disabled as text", { disabled: "true" }, "/disabled"],
    ["a name with @", { name: "a@b" }, "/name"],
    ["a name with NUL", { name: "a\0" }, "/name"],
    ["a short password", { password: "short" }, "/password"],
    ["a weak password", { password: "a".repeat(20) }, "/password"],
    ["a password with the new name", { name: "bartholomew", password: "I am Bartholomew now" }, "/password"],
    ["another e-mail", { email: "other@example.org" }, "/email"],
    ["another id", { id: "0b0f3a52-3c5e-4f6a-9d55-0c3c1b1f7a21" }, "/id"],
    ["an unknown field", { token_version: 1 }, "/token_version"],
  ])("refuses %s, and changes nothing", async (_what, fields, pointer) => {
    const { id } = await createUser(server, "reader");
    const before = await get(id);
    const { body } = await patch(id, fields).expect(400);
    expect(body).toMatchObject({ code: "request_invalid" });
    expect(body.errors[0]).toMatchObject({ pointer });
    expect(await get(id)).toEqual(before);
  });

  test("refuses a password with the e-mail of the user", async () => {
    const { id, email } = await createUser(server, "reader");
    await patch(id, { password: `x${email}x` }).expect(400);
  });
});

describe("404", () => {
  test("is for an id that no user has", async () => {
    const { body } = await patch("0b0f3a52-3c5e-4f6a-9d55-0c3c1b1f7a21", { role: "admin" }).expect(404);
    expect(body).toMatchObject({ code: "user_not_found" });
  });
});

describe("409", () => {
  test.each([{ name: "taken" }, { orcid: "0000-0002-1694-233X" }])("is for %s, which another user has", async (fields) => {
    const owner = await createUser(server, "reader");
    await patch(owner.id, fields);
    const { id } = await createUser(server, "reader");
    const before = await get(id);
    const { body } = await patch(id, fields).expect(409);
    expect(body).toMatchObject({ code: "user_exists" });
    expect(await get(id)).toEqual(before);
  });

  test.each([{ role: "reader" }, { role: "admin" }, { disabled: true }, { disabled: false }, { role: "reader", name: "x" }])(
    "is for admins who send %s for themselves",
    async (fields) => {
      const admin = await createUser(server, "admin");
      const token = await signIn(server, admin);
      for (const id of [admin.id, admin.id.toUpperCase()]) {
        const { body } = await bearer(server, token).patch(`/rbac/v1/users/${id}`).send(fields).expect(409);
        expect(body).toMatchObject({ code: "own_account" });
      }
      expect(await get(admin.id)).toMatchObject({ role: "admin", disabled: false, name: null });
    },
  );
});
