import { createRemoteJWKSet, decodeProtectedHeader, jwtVerify } from "jose";
import { describe, expect, test } from "vitest";
import { anonymous, as } from "../../support/http.ts";
import { bearer, createUser, signIn } from "../../support/identity.ts";
import { useTestServer } from "../../support/use-test-server.ts";

const server = useTestServer();

function logIn(body: object) {
  return anonymous(server).post("/auth/v1/login").send(body);
}

describe("200", () => {
  test("brings a token that is not kept by caches, and works like a key", async () => {
    const { email, password } = await createUser(server, "writer");
    const response = await logIn({ login: email, password }).expect(200);

    expect(response.body).toEqual({ access_token: expect.any(String), token_type: "bearer", expires_in: 900 });
    expect(response.get("Cache-Control")).toBe("no-store");
    const token = response.body.access_token;
    await bearer(server, token).get("/api/v1/channels").expect(200);
    await bearer(server, token).get("/data/v1/channels").expect(200);
    await bearer(server, token).get("/setup/v1/channels").expect(403);
  });

  test("brings a token that anybody can check with the published keys", async () => {
    const user = await createUser(server, "reader");
    const token = await signIn(server, user);
    const keys = createRemoteJWKSet(new URL("/.well-known/jwks.json", server.url));
    const { payload } = await jwtVerify(token, keys, { issuer: "kronicle", audience: "kronicle", typ: "at+jwt" });

    expect(decodeProtectedHeader(token)).toEqual({ alg: "EdDSA", typ: "at+jwt", kid: expect.any(String) });
    expect(payload).toEqual({
      iss: "kronicle",
      aud: "kronicle",
      sub: user.id,
      role: "reader",
      ver: 1,
      jti: expect.stringMatching(/^[0-9a-f-]{36}$/),
      iat: expect.any(Number),
      nbf: payload.iat,
      exp: Number(payload.iat) + 900,
    });
  });

  test("brings another token each time", async () => {
    const user = await createUser(server, "reader");
    expect(await signIn(server, user)).not.toBe(await signIn(server, user));
  });

  test.each([
    ["the e-mail", "Grace.Hopper@Example.org"],
    ["the e-mail in other case", "gRACE.hOPPER@eXAMPLE.ORG"],
    ["the name", "grace hopper"],
  ])("takes %s", async (_what, login) => {
    const password = "correct horse battery staple";
    await as("admin", server)
      .post("/rbac/v1/users")
      .send({ email: "grace.hopper@example.org", name: "grace hopper", role: "reader", password });
    await logIn({ login, password }).expect(200);
  });

  test("takes a password of any characters", async () => {
    const password = 'naïve " \\ 密码 \u{1f980} and more';
    await as("admin", server).post("/rbac/v1/users").send({ email: "any@example.org", role: "reader", password }).expect(201);
    await logIn({ login: "any@example.org", password }).expect(200);
    await logIn({ login: "any@example.org", password: password.normalize("NFD") }).expect(401);
  });
});

describe("400", () => {
  test.each([
    ["no login", { password: "x" }, "/login"],
    ["no password", { login: "x" }, "/password"],
    ["an empty login", { login: "", password: "x" }, "/login"],
    ["a login of 255 characters", { login: "x".repeat(255), password: "x" }, "/login"],
    ["a login with NUL", { login: "a\0", password: "x" }, "/login"],
    ["a login with a lone surrogate", { login: "a\ud800", password: "x" }, "/login"],
    ["a login that is a list", { login: ["x"], password: "x" }, "/login"],
    ["an empty password", { login: "x", password: "" }, "/password"],
    ["a password of 257 characters", { login: "x", password: "x".repeat(257) }, "/password"],
    ["a password that is an object", { login: "x", password: { length: 20 } }, "/password"],
    ["an unknown field", { login: "x", password: "x", role: "admin" }, "/role"],
  ])("refuses %s", async (_what, body, pointer) => {
    const { body: problem } = await logIn(body).expect(400);
    expect(problem).toMatchObject({ code: "request_invalid", errors: [{ pointer }] });
  });
});

describe("401", () => {
  test("is word for word the same for a wrong password, an unknown user and a disabled one", async () => {
    const wrong = await createUser(server, "reader");
    const disabled = await createUser(server, "reader");
    await as("admin", server).patch(`/rbac/v1/users/${disabled.id}`).send({ disabled: true }).expect(200);

    const answers = await Promise.all(
      [
        { login: wrong.email, password: disabled.password },
        { login: "nobody@example.org", password: wrong.password },
        { login: "nobody", password: wrong.password },
        { login: disabled.email, password: disabled.password },
        { login: disabled.email, password: wrong.password },
      ].map((body) => logIn(body).expect(401)),
    );
    const told = answers.map((answer) => ({
      body: { ...answer.body, request_id: "", trace_id: "" },
      challenge: answer.get("WWW-Authenticate"),
      headers: Object.keys(answer.headers).toSorted(),
    }));
    expect(told[0]?.body).toMatchObject({ code: "login_failed" });
    expect(told[0]?.challenge).toBe('Bearer realm="kronicle"');
    for (const answer of told) expect(answer).toEqual(told[0]);
  });

  test("is for a login that only resembles one", async () => {
    const { email, password } = await createUser(server, "reader", { name: "Resembled" });
    for (const login of [` ${email}`, `${email} `, `${email}.`, "resembled", "Resembled ", "%", "_esembled", `' or '1'='1`]) {
      await logIn({ login, password }).expect(401);
    }
    for (const near of [` ${password}`, `${password} `, password.toUpperCase(), password.slice(0, -1)]) {
      await logIn({ login: email, password: near }).expect(401);
    }
    await logIn({ login: email, password }).expect(200);
  });
});

describe("415", () => {
  test("refuses a form, as a page of another origin could send it", async () => {
    const { body } = await anonymous(server).post("/auth/v1/login").type("form").send("login=x&password=y").expect(415);
    expect(body).toMatchObject({ code: "media_type_unsupported" });
  });
});
