import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { type CryptoKey, exportJWK, generateKeyPair, type JWTPayload } from "jose";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { KEYS, startTestServer, type TestServer } from "../support/server.ts";
import { bearer, createUser, signIn, signToken } from "../support/identity.ts";

const ISSUER = "https://sign-in.example";
const AUDIENCE = "kronicle-of-the-company";
const ROLE_CLAIM = "kronicle_roles";

const ACCEPTED = ["EdDSA", "ES256", "RS256", "PS256"] as const;

async function publish(kid: string, publicKey: CryptoKey) {
  return { ...(await exportJWK(publicKey)), kid, alg: kid.split("-", 1)[0], use: "sig" };
}

/** The sign-in service of a company: a key set behind HTTP, which can be out of order, and counts who asks. */
async function startIssuer() {
  const pairs = new Map<string, Awaited<ReturnType<typeof generateKeyPair>>>();
  const addKey = async (alg: string) => {
    const kid = `${alg}-${pairs.size}`;
    pairs.set(kid, await generateKeyPair(alg, { extractable: true }));
    return kid;
  };
  const state = { answer: "keys" as "keys" | "error" | "nonsense" | "no answer", asked: 0 };

  const http = createServer(async (_request, response) => {
    state.asked += 1;
    if (state.answer === "no answer") return void response.destroy();
    const keys = await Promise.all([...pairs].map(([kid, { publicKey }]) => publish(kid, publicKey)));
    response.writeHead(state.answer === "error" ? 500 : 200, { "Content-Type": "application/json" });
    response.end(state.answer === "nonsense" ? "<html>" : JSON.stringify({ keys }));
  });
  await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve));
  const { port } = http.address() as AddressInfo;

  return {
    jwksUrl: `http://127.0.0.1:${port}/keys`,
    state,
    addKey,
    sign: (kid: string, claims: JWTPayload) => {
      const pair = pairs.get(kid);
      if (!pair) throw new Error(`the issuer has no key ${kid}`);
      return signToken(claims, { alg: kid.split("-", 1)[0] ?? "", kid }, pair.privateKey);
    },
    [Symbol.asyncDispose]: async () => {
      http.closeAllConnections();
      await new Promise((resolve) => http.close(resolve));
    },
  };
}

type Issuer = Awaited<ReturnType<typeof startIssuer>>;

function trust({ jwksUrl }: Issuer): Promise<TestServer> {
  return startTestServer({ externalIssuer: { issuer: ISSUER, audience: AUDIENCE, jwksUrl, roleClaim: ROLE_CLAIM } });
}

const now = () => Math.floor(Date.now() / 1_000);

type Changes = Readonly<Record<string, unknown>>;

function claims(changes: Changes = {}): JWTPayload {
  return { iss: ISSUER, aud: AUDIENCE, sub: "ada|42", exp: now() + 300, iat: now(), [ROLE_CLAIM]: "writer", ...changes };
}

/** What each lane answers; none of the bodies changes anything. */
async function knock(server: TestServer, token: string) {
  const { status: reader } = await bearer(server, token).get("/api/v1/channels");
  const { status: writer } = await bearer(server, token).post("/data/v1/channels").send({});
  const { status: admin } = await bearer(server, token).post("/setup/v1/channels").send({});
  return { reader, writer, admin };
}

const AS_READER = { reader: 200, writer: 403, admin: 403 };
const AS_WRITER = { reader: 200, writer: 400, admin: 403 };
const AS_ADMIN = { reader: 200, writer: 400, admin: 400 };
const AS_NOBODY = { reader: 401, writer: 401, admin: 401 };

describe("a server that trusts another issuer", () => {
  let issuer: Issuer;
  let server: TestServer;
  let kid: string;
  const kids = new Map<string, string>();
  beforeAll(async () => {
    issuer = await startIssuer();
    kid = await issuer.addKey("ES256");
    for (const alg of [...ACCEPTED, "ES384"]) kids.set(alg, await issuer.addKey(alg));
    server = await trust(issuer);
  });
  afterAll(async () => {
    await server[Symbol.asyncDispose]();
    await issuer[Symbol.asyncDispose]();
  });

  test.each<[string, Changes, object]>([
    ["a role as text", { [ROLE_CLAIM]: "reader" }, AS_READER],
    ["another role as text", { [ROLE_CLAIM]: "admin" }, AS_ADMIN],
    ["a list of roles, of which the highest counts", { [ROLE_CLAIM]: ["reader", "writer", "accountant"] }, AS_WRITER],
    ["our audience among others", { aud: ["another service", AUDIENCE] }, AS_WRITER],
  ])("takes its token with %s", async (_what, changes, statuses) => {
    expect(await knock(server, await issuer.sign(kid, claims(changes)))).toEqual(statuses);
  });

  test.each(ACCEPTED)("takes its token signed with %s", async (alg) => {
    expect(await knock(server, await issuer.sign(kids.get(alg) ?? "", claims()))).toEqual(AS_WRITER);
  });

  test("refuses its token signed in a way that is not foreseen", async () => {
    expect(await knock(server, await issuer.sign(kids.get("ES384") ?? "", claims()))).toEqual(AS_NOBODY);
  });

  test("takes what its user does for that user's, in the audit trail", async () => {
    const token = await issuer.sign(kid, claims({ [ROLE_CLAIM]: "admin", sub: "grace|1" }));
    const { body: key } = await bearer(server, token).post("/auth/v1/keys").send({ lane: "reader" }).expect(201);
    const { body } = await bearer(server, KEYS.admin).get(`/rbac/v1/audit?target=${key.key_id}`).expect(200);
    expect(body).toMatchObject([{ action: "key_created", actor: "external:grace|1" }]);
  });

  test("knows no password of its users", async () => {
    const { body } = await bearer(server, await issuer.sign(kid, claims()))
      .post("/auth/v1/change_password")
      .send({ password: "x", new_password: "correct horse battery" })
      .expect(403);
    expect(body).toMatchObject({ code: "account_needed" });
  });

  test.each<[string, Changes]>([
    ["another issuer", { iss: "https://other.example" }],
    ["a list of issuers", { iss: [ISSUER] }],
    ["no issuer", { iss: undefined }],
    ["the issuer of the server itself", { iss: "kronicle" }],
    ["another audience", { aud: "another service" }],
    ["no audience", { aud: undefined }],
    ["no role", { [ROLE_CLAIM]: undefined }],
    ["an unknown role", { [ROLE_CLAIM]: "owner" }],
    ["a role in other case", { [ROLE_CLAIM]: "Admin" }],
    ["a list of unknown roles", { [ROLE_CLAIM]: ["owner", ["admin"]] }],
    ["an object of roles", { [ROLE_CLAIM]: { admin: true } }],
    ["the role in another claim", { [ROLE_CLAIM]: undefined, role: "admin" }],
    ["no expiry", { exp: undefined }],
    ["an expiry in the past", { exp: now() - 60 }],
    ["a start in the future", { nbf: now() + 60 }],
    ["no subject", { sub: undefined }],
    ["a subject with a line break", { sub: "ada\nroot" }],
    ["a subject of 256 characters", { sub: "x".repeat(256) }],
  ])("refuses its token with %s", async (_what, changes) => {
    expect(await knock(server, await issuer.sign(kid, claims(changes)))).toEqual(AS_NOBODY);
  });

  test("refuses a token that names the issuer and is signed by another", async () => {
    const { privateKey } = await generateKeyPair("ES256");
    expect(await knock(server, await signToken(claims(), { alg: "ES256", kid }, privateKey))).toEqual(AS_NOBODY);
    expect(await knock(server, await signToken(claims(), { alg: "ES256", kid: "unknown" }, privateKey))).toEqual(AS_NOBODY);
  });

  test("refuses a token with no signature, or with the public key as a secret", async () => {
    const [, payload, signature] = (await issuer.sign(kid, claims())).split(".");
    const head = Buffer.from(JSON.stringify({ alg: "none", kid })).toString("base64url");
    expect(await knock(server, `${head}.${payload}.`)).toEqual(AS_NOBODY);
    expect(await knock(server, `${head}.${payload}.${signature}`)).toEqual(AS_NOBODY);
    const publicKey = await (await fetch(issuer.jwksUrl)).arrayBuffer();
    expect(await knock(server, await signToken(claims(), { alg: "HS256", kid }, new Uint8Array(publicKey)))).toEqual(AS_NOBODY);
  });

  test("goes on taking its own tokens", async () => {
    const user = await createUser(server, "writer");
    expect(await knock(server, await signIn(server, user))).toEqual(AS_WRITER);
  });
});

describe("an issuer that is out of order", () => {
  let issuer: Issuer;
  let server: TestServer;
  let kid: string;
  beforeAll(async () => {
    issuer = await startIssuer();
    kid = await issuer.addKey("EdDSA");
    server = await trust(issuer);
  });
  afterAll(async () => {
    await server[Symbol.asyncDispose]();
    await issuer[Symbol.asyncDispose]();
  });
  beforeEach(() => {
    issuer.state.asked = 0;
  });

  test.each(["no answer", "error", "nonsense"] as const)(
    "(%s) is a 503 with Retry-After for those who bring its tokens, and for nobody else",
    async (answer) => {
      issuer.state.answer = answer;
      const token = await issuer.sign(kid, claims());
      const response = await bearer(server, token).get("/api/v1/channels").expect(503);
      expect(response.body).toMatchObject({ code: "issuer_unavailable" });
      expect(Number(response.get("Retry-After"))).toBeGreaterThan(0);
      expect(issuer.state.asked).toBe(1);

      await bearer(server, KEYS.reader).get("/api/v1/channels").expect(200);
      await bearer(server, await issuer.sign(kid, claims({ iss: "https://other.example" })))
        .get("/api/v1/channels")
        .expect(401);
      await bearer(server, "nonsense").get("/api/v1/channels").expect(401);
      expect(issuer.state.asked).toBe(1);
    },
  );

  test("is trusted again as soon as it answers, and its keys are asked for once", async () => {
    issuer.state.answer = "keys";
    const token = await issuer.sign(kid, claims());
    for (let count = 0; count < 5; count++) await bearer(server, token).get("/api/v1/channels").expect(200);
    expect(issuer.state.asked).toBe(1);

    issuer.state.answer = "no answer";
    await bearer(server, token).get("/api/v1/channels").expect(200);
  });
});

describe("a server that trusts nobody else", () => {
  test("refuses the token, and asks nobody", async () => {
    await using issuer = await startIssuer();
    const kid = await issuer.addKey("EdDSA");
    await using server = await startTestServer();
    expect(await knock(server, await issuer.sign(kid, claims()))).toEqual(AS_NOBODY);
    expect(issuer.state.asked).toBe(0);
  });
});
