import { createHmac, generateKeyPairSync, sign as signBytes } from "node:crypto";
import { exportJWK, exportSPKI, generateKeyPair, importJWK, type JWTPayload } from "jose";
import { beforeAll, describe, expect, test } from "vitest";
import { as } from "../support/http.ts";
import { bearer, createUser, readSigningKey, signToken, type TestUser, tokenClaims } from "../support/identity.ts";
import { useTestServer } from "../support/use-test-server.ts";
import { watchStatements } from "../support/statements.ts";

type Json = Readonly<Record<string, unknown>>;

const server = useTestServer();
let user: TestUser;
let ours: Awaited<ReturnType<typeof readSigningKey>>;
let foreign: Awaited<ReturnType<typeof generateKeyPair>>;
let statements: readonly string[];

beforeAll(async () => {
  user = await createUser(server, "writer");
  ours = await readSigningKey(server);
  foreign = await generateKeyPair("EdDSA", { crv: "Ed25519", extractable: true });
  statements = watchStatements(server);
});

const encode = (value: unknown) => Buffer.from(typeof value === "string" ? value : JSON.stringify(value)).toString("base64url");

const header = (changes: Json = {}) => ({ alg: "EdDSA", typ: "at+jwt", kid: ours.kid, ...changes });
const claims = (changes: Json = {}): JWTPayload => ({ ...tokenClaims(user), ...changes });
const now = () => Math.floor(Date.now() / 1_000);

/** Signed with the key of the server itself: only what is changed can be why it is refused. */
const genuine = (claimChanges: Json = {}, headerChanges: Json = {}) =>
  signToken(claims(claimChanges), header(headerChanges), ours.privateKey);

/** Signed with the key of the server over these very bytes, for what no library would write. */
async function sealed(headerText: string, payloadText: string): Promise<string> {
  const input = `${encode(headerText)}.${encode(payloadText)}`;
  const key = await importJWK(ours.jwk, "EdDSA");
  if (key instanceof Uint8Array) throw new Error("the signing key is symmetric");
  const signature = await crypto.subtle.sign("Ed25519", key, Buffer.from(input));
  return `${input}.${Buffer.from(signature).toString("base64url")}`;
}

/** Without a claim or a header field. */
function without<T extends object>(all: T, name: string): Partial<T> {
  return JSON.parse(JSON.stringify({ ...all, [name]: undefined }));
}

const signedByStranger = (headerChanges: Json = {}, claimChanges: Json = {}) =>
  signToken(claims(claimChanges), header(headerChanges), foreign.privateKey);

/** A MAC, as an attacker makes it who hopes that the public key is taken for the secret. */
function mac(secret: string | Buffer, alg = "HS256"): string {
  const input = `${encode(header({ alg }))}.${encode(claims())}`;
  return `${input}.${createHmac(alg === "HS512" ? "sha512" : "sha256", secret)
    .update(input)
    .digest("base64url")}`;
}

async function publicKey() {
  const { d: _private, ...jwk } = ours.jwk;
  const key = await importJWK(jwk, "EdDSA", { extractable: true });
  if (key instanceof Uint8Array) throw new Error("the signing key is symmetric");
  return { jwk, spki: await exportSPKI(key) };
}

const parts = async () => (await genuine()).split(".") as [string, string, string];

const HOSTILE: Readonly<Record<string, () => Promise<string> | string>> = {
  // The algorithm.
  "alg none": () => `${encode(header({ alg: "none" }))}.${encode(claims())}.`,
  "alg nOnE": () => `${encode(header({ alg: "nOnE" }))}.${encode(claims())}.`,
  "alg none with a real signature": async () => `${encode(header({ alg: "none" }))}.${(await parts()).slice(1).join(".")}`,
  "alg empty": () => sealed(JSON.stringify(header({ alg: "" })), JSON.stringify(claims())),
  "alg missing": () => sealed(JSON.stringify(without(header(), "alg")), JSON.stringify(claims())),
  "alg list": () => sealed(JSON.stringify(header({ alg: ["EdDSA"] })), JSON.stringify(claims())),
  "alg in lower case": () => sealed(JSON.stringify(header({ alg: "eddsa" })), JSON.stringify(claims())),
  "HS256 with the public key, as bytes": async () => mac(Buffer.from(String((await publicKey()).jwk["x"]), "base64url")),
  "HS256 with the public key, as text": async () => mac(String((await publicKey()).jwk["x"])),
  "HS256 with the public key, as JWK": async () => mac(JSON.stringify((await publicKey()).jwk)),
  "HS256 with the public key, as PEM": async () => mac((await publicKey()).spki),
  "HS512 with the public key, as PEM": async () => mac((await publicKey()).spki, "HS512"),
  "HS256 with an empty secret": () => mac(""),
  "HS256 with the kid": () => mac(ours.kid),
  "another curve, P-256": async () => {
    const { privateKey } = await generateKeyPair("ES256");
    return signToken(claims(), header({ alg: "ES256" }), privateKey);
  },
  "another curve, Ed448": () => {
    const input = `${encode(header())}.${encode(claims())}`;
    return `${input}.${signBytes(null, Buffer.from(input), generateKeyPairSync("ed448").privateKey).toString("base64url")}`;
  },
  RSA: async () => {
    const { privateKey } = await generateKeyPair("RS256");
    return signToken(claims(), header({ alg: "RS256" }), privateKey);
  },

  // The key.
  "a foreign key under our kid": () => signedByStranger(),
  "a foreign key under a kid of its own": () => signedByStranger({ kid: "2b0e3c1e-5b1f-4c39-9d0e-0d8f3a0e7a55" }),
  "a foreign key that it brings as jwk": async () => signedByStranger({ jwk: await exportJWK(foreign.publicKey) }),
  "a foreign key that it brings as jwk, without kid": async () =>
    signToken(claims(), { alg: "EdDSA", typ: "at+jwt", jwk: await exportJWK(foreign.publicKey) }, foreign.privateKey),
  "a foreign key behind jku": () => signedByStranger({ jku: "http://127.0.0.1:9/jwks.json" }),
  "a foreign key behind x5u": () => signedByStranger({ x5u: "http://127.0.0.1:9/key.pem" }),
  "a foreign key in x5c": () => signedByStranger({ x5c: ["MIIB"] }),
  "no kid": () => sealed(JSON.stringify(without(header(), "kid")), JSON.stringify(claims())),
  "a kid that is empty": () => genuine({}, { kid: "" }),
  "a kid in capitals": () => genuine({}, { kid: ours.kid.toUpperCase() }),
  "a kid that is a path": () => signedByStranger({ kid: "../../../../dev/null" }),
  "a kid that is SQL": () => signedByStranger({ kid: `${ours.kid}' or '1'='1` }),
  "a kid that is a URL": () => signedByStranger({ kid: "http://127.0.0.1:9/key" }),
  "a kid that is a number": () => sealed(JSON.stringify(header({ kid: 0 })), JSON.stringify(claims())),
  "a kid that is a list": () => sealed(JSON.stringify(header({ kid: [ours.kid] })), JSON.stringify(claims())),
  "a kid that is an object": () => sealed(JSON.stringify(header({ kid: { toString: ours.kid } })), JSON.stringify(claims())),
  "a kid that is null": () => sealed(JSON.stringify(header({ kid: null })), JSON.stringify(claims())),
  "a kid that is __proto__": () => signedByStranger({ kid: "__proto__" }),
  "a kid with NUL": () => signedByStranger({ kid: `${ours.kid}\0` }),

  // The rest of the header.
  "crit with an unknown extension": () =>
    sealed(JSON.stringify(header({ crit: ["exploit"], exploit: true })), JSON.stringify(claims())),
  "crit with exp": () => sealed(JSON.stringify(header({ crit: ["exp"], exp: 1 })), JSON.stringify(claims())),
  "crit that is empty": () => sealed(JSON.stringify(header({ crit: [] })), JSON.stringify(claims())),
  "b64 false": async () => {
    const input = `${encode(header({ crit: ["b64"], b64: false }))}.${JSON.stringify(claims()).replaceAll(".", "")}`;
    return `${input}.${encode("signature")}`;
  },
  "b64 false over an encoded payload": () =>
    sealed(JSON.stringify(header({ crit: ["b64"], b64: false })), JSON.stringify(claims())),
  "typ of an ID token": () => genuine({}, { typ: "JWT" }),
  "typ missing": () => sealed(JSON.stringify(without(header(), "typ")), JSON.stringify(claims())),
  "typ of a number": () => sealed(JSON.stringify(header({ typ: 1 })), JSON.stringify(claims())),
  "typ of a logout token": () => genuine({}, { typ: "logout+jwt" }),
  "a header that is no JSON": () => sealed("EdDSA", JSON.stringify(claims())),
  "a header that is a list": () => sealed("[]", JSON.stringify(claims())),
  "a header that is null": () => sealed("null", JSON.stringify(claims())),

  // The claims.
  "another issuer": () => genuine({ iss: "https://issuer.example" }),
  "an issuer in other case": () => genuine({ iss: "Kronicle" }),
  "a list of issuers": () => genuine({ iss: ["kronicle"] }),
  "no issuer": () => genuine({ iss: undefined }),
  "another audience": () => genuine({ aud: "another service" }),
  "other audiences": () => genuine({ aud: ["another service", "kronicle2"] }),
  "no audience": () => genuine({ aud: undefined }),
  "no expiry": () => genuine({ exp: undefined }),
  "an expiry in the past": () => genuine({ iat: now() - 600, nbf: now() - 600, exp: now() - 6 }),
  "an expiry far ahead": () => genuine({ exp: now() + 10 * 365 * 86_400 }),
  "an expiry that is text": () => genuine({ exp: String(now() + 900) }),
  "an expiry without end": () => sealed(JSON.stringify(header()), JSON.stringify(claims()).replace(/"exp":\d+/, '"exp":1e999')),
  "issued too long ago": () => genuine({ iat: now() - 1_000, exp: now() + 60 }),
  "issued in the future": () => genuine({ iat: now() + 60 }),
  "no time of issue": () => genuine({ iat: undefined }),
  "not valid yet": () => genuine({ nbf: now() + 60 }),
  "no start": () => genuine({ nbf: undefined }),
  "no subject": () => genuine({ sub: undefined }),
  "a subject that is no id": () => genuine({ sub: "admin" }),
  "a subject that is SQL": () => genuine({ sub: "' or true --" }),
  "a subject that is a number": () => genuine({ sub: 1 }),
  "no jti": () => genuine({ jti: undefined }),
  "a jti that is a number": () => genuine({ jti: 1 }),
  "no role": () => genuine({ role: undefined }),
  "an unknown role": () => genuine({ role: "owner" }),
  "a list of roles": () => genuine({ role: ["writer"] }),
  "no version": () => genuine({ ver: undefined }),
  "a version that is text": () => genuine({ ver: "1" }),
  "a version that is a fraction": () => genuine({ ver: 1.5 }),
  "claims that are no JSON": () => sealed(JSON.stringify(header()), "sub=admin"),
  "claims that are a list": () => sealed(JSON.stringify(header()), "[]"),
  "claims that are text": () => sealed(JSON.stringify(header()), '"admin"'),
  "no claims": () => sealed(JSON.stringify(header()), ""),

  // The signature and the form.
  "a role raised after signing": async () => {
    const [head, , signature] = await parts();
    return `${head}.${encode(claims({ role: "admin" }))}.${signature}`;
  },
  "the signature of another token": async () => {
    const [head, payload] = await parts();
    const [, , other] = await parts();
    return `${head}.${payload}.${other}`;
  },
  "a header changed after signing": async () => {
    const [, payload, signature] = await parts();
    return `${encode(header({ cty: "JWT" }))}.${payload}.${signature}`;
  },
  "the signature stripped": async () => `${(await parts()).slice(0, 2).join(".")}.`,
  "two parts": async () => (await parts()).slice(0, 2).join("."),
  "one part": async () => (await parts())[0],
  "four parts": async () => `${await genuine()}.${(await parts())[2]}`,
  "doubled dots": async () => (await parts()).join(".."),
  "dots alone": () => "..",
  "a longer signature": async () => `${await genuine()}AAAA`,
  "a shorter signature": async () => (await genuine()).slice(0, -4),
  "a signature of zeros": async () => `${(await parts()).slice(0, 2).join(".")}.${Buffer.alloc(64).toString("base64url")}`,
  "a signature with one bit flipped": async () => {
    const [head, payload, signature] = await parts();
    const bytes = Buffer.from(signature, "base64url");
    bytes.writeUInt8(bytes.readUInt8(20) ^ 1, 20);
    return `${head}.${payload}.${bytes.toString("base64url")}`;
  },
  "everything in lower case": async () => (await genuine()).toLowerCase(),
  "percent signs": async () => encodeURIComponent(`${await genuine()}=`),
  "a blank in the middle": async () => (await genuine()).replace(".", " ."),
  "a letter beyond ASCII": async () => `é${await genuine()}`,
  "a comma and a second token": async () => `${await genuine()},${await genuine()}`,
  "a token of five parts (JWE)": async () =>
    [encode({ alg: "dir", enc: "A256GCM", kid: ours.kid }), "", encode("iv"), encode("text"), encode("tag")].join("."),
  "a token in JSON": async () => {
    const [head, payload, signature] = await parts();
    return JSON.stringify({ protected: head, payload, signature });
  },
  "a token in a token": async () => sealed(JSON.stringify(header({ cty: "JWT" })), await genuine()),
  "a token of 5,000 characters": () => genuine({ filler: "x".repeat(5_000) }),
  "a token of 60,000 characters": () => genuine({ filler: "x".repeat(45_000) }),
};

async function call(token: string): Promise<{ status: number; code: unknown }> {
  const response = await fetch(`${server.url}/data/v1/channels`, { headers: { Authorization: `Bearer ${token}` } });
  const body: unknown = await response.json();
  return { status: response.status, code: typeof body === "object" && body !== null ? Reflect.get(body, "code") : undefined };
}

describe("a token that is made like those of the server", () => {
  test("is taken, so that whatever is refused below is refused for what is changed in it", async () => {
    expect(await call(await genuine())).toEqual({ status: 200, code: undefined });
    expect(await call(await sealed(JSON.stringify(header()), JSON.stringify(claims())))).toEqual({
      status: 200,
      code: undefined,
    });
  });

  test("costs the database one look at its user, and then none for a while", async () => {
    const token = await genuine();
    const before = statements.length;
    for (let count = 0; count < 50; count++) expect((await call(token)).status).toBe(200);
    const asked = statements.slice(before).filter((sql) => sql.includes("kronicle.user_account"));
    expect(asked.length).toBeLessThanOrEqual(1);
  });

  test("is refused once its user is gone", async () => {
    const { id, ...gone } = await createUser(server, "writer");
    const token = await signToken(tokenClaims({ id, ...gone }), header(), ours.privateKey);
    await as("admin", server).delete(`/rbac/v1/users/${id}`).expect(200);
    expect(await call(token)).toEqual({ status: 401, code: "credential_invalid" });
  });
});

describe("a hostile token", () => {
  test("comes in many kinds", () => {
    expect(Object.keys(HOSTILE).length).toBeGreaterThanOrEqual(40);
  });

  test.each(Object.entries(HOSTILE))("gets 401 and no database work: %s", async (_what, make) => {
    const token = await make();
    const before = statements.length;
    expect(await call(token)).toEqual({ status: 401, code: "credential_invalid" });
    expect(statements.slice(before)).toEqual([]);
  });
});

describe("an API key that is none", () => {
  test("costs the database nothing when its checksum is wrong, and one look when it is right", async () => {
    const { body } = await as("admin", server).post("/auth/v1/keys").send({ lane: "reader" }).expect(201);
    const key: string = body.key;
    const before = statements.length;
    await bearer(server, `${key.slice(0, -1)}${key.endsWith("0") ? "1" : "0"}`)
      .get("/api/v1/channels")
      .expect(401);
    await bearer(server, key.toLowerCase()).get("/api/v1/channels").expect(401);
    await bearer(server, "krn_reader_").get("/api/v1/channels").expect(401);
    expect(statements.slice(before)).toEqual([]);

    await bearer(server, key).get("/api/v1/channels").expect(200);
    expect(statements.slice(before).filter((sql) => sql.startsWith("select") && sql.includes("kronicle.api_key"))).toHaveLength(
      1,
    );
  });
});
