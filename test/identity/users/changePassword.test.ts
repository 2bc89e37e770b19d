import { beforeAll, describe, expect, test } from "vitest";
import { anonymous, as } from "../../support/http.ts";
import { bearer, createKey, createUser, signIn, type TestUser } from "../../support/identity.ts";
import { useTestServer } from "../../support/use-test-server.ts";

const NEW_PASSWORD = "correct horse battery staple";

const server = useTestServer();

function changePassword(token: string, body: object) {
  return bearer(server, token).post("/auth/v1/change_password").send(body);
}

async function canSignIn({ email }: TestUser, password: string): Promise<boolean> {
  const { status } = await anonymous(server).post("/auth/v1/login").send({ login: email, password });
  return status === 200;
}

describe("200", () => {
  test("changes the password, and brings a token that works at once", async () => {
    const user = await createUser(server, "writer");
    const token = await signIn(server, user);
    // The server remembers the user from here on.
    await bearer(server, token).get("/data/v1/channels").expect(200);

    const response = await changePassword(token, { password: user.password, new_password: NEW_PASSWORD }).expect(200);
    expect(response.body).toEqual({ access_token: expect.any(String), token_type: "bearer", expires_in: 900 });
    expect(response.get("Cache-Control")).toBe("no-store");
    await bearer(server, response.body.access_token).get("/data/v1/channels").expect(200);

    expect(await canSignIn(user, user.password)).toBe(false);
    expect(await canSignIn(user, NEW_PASSWORD)).toBe(true);
  });

  test("is for every role, and leaves the role as it is", async () => {
    const user = await createUser(server, "reader");
    const { body } = await changePassword(await signIn(server, user), { password: user.password, new_password: NEW_PASSWORD });
    await bearer(server, body.access_token).get("/api/v1/channels").expect(200);
    await bearer(server, body.access_token).get("/data/v1/channels").expect(403);
  });

  test("takes the login and a repetition, as long as they are one's own", async () => {
    const user = await createUser(server, "reader", { name: "repeats herself" });
    let token = await signIn(server, user);
    let password = user.password;
    for (const login of [user.email, user.email.toUpperCase(), "repeats herself"]) {
      const next = `${NEW_PASSWORD} of ${login.length}`;
      const change = { login, password, new_password: next, confirm_password: next };
      const { body } = await changePassword(token, change).expect(200);
      [token, password] = [body.access_token, next];
    }
    expect(await canSignIn(user, password)).toBe(true);
  });
});

describe("400", () => {
  let user: TestUser;
  let other: TestUser;
  let token: string;
  beforeAll(async () => {
    user = await createUser(server, "reader", { name: "bartholomew" });
    other = await createUser(server, "reader");
    token = await signIn(server, user);
  });

  test.each<[string, (user: TestUser, other: TestUser) => object, string]>([
    ["no present password", () => ({ new_password: NEW_PASSWORD }), "/password"],
    ["no new password", ({ password }) => ({ password }), "/new_password"],
    ["a new password of 14 characters", ({ password }) => ({ password, new_password: "x1y2z3x1y2z3x1" }), "/new_password"],
    ["a new password of 257 characters", ({ password }) => ({ password, new_password: "x1y2".repeat(65) }), "/new_password"],
    [
      "a new password of one character, repeated",
      ({ password }) => ({ password, new_password: "a".repeat(20) }),
      "/new_password",
    ],
    ["a new password with one's name", ({ password }) => ({ password, new_password: "my name is Bartholomew" }), "/new_password"],
    ["a new password with one's e-mail", ({ password, email }) => ({ password, new_password: `x${email}` }), "/new_password"],
    [
      "a new password with the service's name",
      ({ password }) => ({ password, new_password: "Kronicle is great!" }),
      "/new_password",
    ],
    ["a new password with NUL", ({ password }) => ({ password, new_password: `${NEW_PASSWORD}\0` }), "/new_password"],
    [
      "a repetition that differs",
      ({ password }) => ({ password, new_password: NEW_PASSWORD, confirm_password: `${NEW_PASSWORD}.` }),
      "/confirm_password",
    ],
    [
      "the login of somebody else",
      ({ password }, { email }) => ({ login: email, password, new_password: NEW_PASSWORD }),
      "/login",
    ],
    ["the login of nobody", ({ password }) => ({ login: "nobody@example.org", password, new_password: NEW_PASSWORD }), "/login"],
    ["an unknown field", ({ password }) => ({ password, new_password: NEW_PASSWORD, role: "admin" }), "/role"],
  ])("refuses %s, and changes nothing", async (_what, bodyOf, pointer) => {
    const { body } = await changePassword(token, bodyOf(user, other)).expect(400);
    expect(body).toMatchObject({ code: "request_invalid", errors: [{ pointer }] });
    expect(await canSignIn(user, user.password)).toBe(true);
  });

  test("tells nobody whether somebody else exists", async () => {
    const change = { password: user.password, new_password: NEW_PASSWORD };
    const { body: known } = await changePassword(token, { ...change, login: other.email }).expect(400);
    const { body: unknown } = await changePassword(token, { ...change, login: "nobody@example.org" }).expect(400);
    expect({ ...unknown, request_id: "", trace_id: "" }).toEqual({ ...known, request_id: "", trace_id: "" });
  });
});

describe("401", () => {
  test("is for a wrong present password, and changes nothing", async () => {
    const user = await createUser(server, "reader");
    const token = await signIn(server, user);
    const { body } = await changePassword(token, { password: "wrong", new_password: NEW_PASSWORD }).expect(401);
    expect(body).toMatchObject({ code: "login_failed" });
    expect(await canSignIn(user, user.password)).toBe(true);
    await bearer(server, token).get("/api/v1/channels").expect(200);
  });

  test.each<[string, (user: TestUser) => Promise<unknown>]>([
    ["deleted", ({ id }) => as("admin", server).delete(`/rbac/v1/users/${id}`).expect(200)],
    ["disabled", ({ id }) => as("admin", server).patch(`/rbac/v1/users/${id}`).send({ disabled: true }).expect(200)],
  ])("is for a user who was %s a moment ago", async (_what, end) => {
    const user = await createUser(server, "reader");
    const token = await signIn(server, user);
    // The server still remembers the user for a while.
    await bearer(server, token).get("/api/v1/channels").expect(200);
    await end(user);
    await changePassword(token, { password: user.password, new_password: NEW_PASSWORD }).expect(401);
  });
});

describe("403", () => {
  test("is for an API key: it has no password", async () => {
    const { key } = await createKey(server, { lane: "admin" });
    const { body } = await changePassword(key, { password: "x", new_password: NEW_PASSWORD }).expect(403);
    expect(body).toMatchObject({ code: "account_needed" });
  });
});

describe("429", () => {
  test("counts wrong passwords together with those of the sign-in", async () => {
    const user = await createUser(server, "reader");
    const token = await signIn(server, user);
    for (let count = 0; count < 5; count++) {
      expect(await canSignIn(user, "wrong")).toBe(false);
      await changePassword(token, { password: "wrong", new_password: NEW_PASSWORD }).expect(401);
    }
    const response = await changePassword(token, { password: user.password, new_password: NEW_PASSWORD }).expect(429);
    expect(response.body).toMatchObject({ code: "too_many_attempts" });
    expect(Number(response.get("Retry-After"))).toBeGreaterThan(0);
  });
});
