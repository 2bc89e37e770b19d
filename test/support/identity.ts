/** In charge of users, keys and tokens in tests. */
import { randomUUID } from "node:crypto";
import { crc32 } from "node:zlib";
import { importJWK, type JWTHeaderParameters, type JWTPayload, SignJWT } from "jose";
import { z } from "zod";
import { anonymous, as } from "./http.ts";
import { asOwner, statement } from "./owner.ts";
import type { TestServer } from "./server.ts";

export type Role = "reader" | "writer" | "admin";

export type TestUser = { readonly id: string; readonly email: string; readonly password: string; readonly role: Role };

/** With an e-mail and a password that nobody else has. */
export async function createUser(server: TestServer, role: Role, fields: { readonly name?: string } = {}): Promise<TestUser> {
  const email = `${randomUUID()}@example.org`;
  const password = `password of ${randomUUID()}`;
  const { body } = await as("admin", server)
    .post("/rbac/v1/users")
    .send({ email, role, password, ...fields })
    .expect(201);
  return { id: body.id, email, password, role };
}

export async function signIn(server: TestServer, { email, password }: Pick<TestUser, "email" | "password">): Promise<string> {
  const { body } = await anonymous(server).post("/auth/v1/login").send({ login: email, password }).expect(200);
  return body.access_token;
}

type KeyDefinition = {
  readonly lane: Role;
  readonly channels?: readonly string[];
  readonly tags?: readonly string[];
  readonly expires_at?: string;
};

export async function createKey(server: TestServer, definition: KeyDefinition): Promise<{ key: string; key_id: string }> {
  const { body } = await as("admin", server).post("/auth/v1/keys").send(definition).expect(201);
  return body;
}

const BASE62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/** Adds the checksum, as anybody can: it guards against typing errors, and against nothing else. */
export function sealKey(body: string): string {
  let sum = "";
  for (let rest = crc32(body); sum.length < 6; rest = Math.floor(rest / 62)) sum = BASE62.charAt(rest % 62) + sum;
  return `${body}_${sum}`;
}

/** Well-formed, and made by nobody. */
export function unknownKey(lane: Role): string {
  return sealKey(`krn_${lane}_${"0".repeat(12)}_${"0".repeat(43)}`);
}

/** Requests with this key or token. */
export function bearer(server: Pick<TestServer, "url">, credential: string) {
  return anonymous(server).set("Authorization", `Bearer ${credential}`);
}

const storedKey = z.object({ kid: z.string(), private_jwk: z.string() });

/** The key that the server signs with, which nobody but the owner of the database can read. */
export async function readSigningKey(server: TestServer) {
  const found = await asOwner(server.context, (owner) =>
    owner.one(
      statement("select k.kid, k.private_jwk::text as private_jwk from kronicle.signing_key k order by k.created_at limit 1"),
    ),
  );
  const { kid, private_jwk } = storedKey.parse(found);
  const jwk = z.record(z.string(), z.string()).parse(JSON.parse(private_jwk));
  return { kid, jwk, privateKey: await importJWK(jwk, "EdDSA") };
}

/** Everything that the server looks for in a token of this user who has just signed in. */
export function tokenClaims(user: TestUser): JWTPayload {
  const now = Math.floor(Date.now() / 1_000);
  return {
    iss: "kronicle",
    aud: "kronicle",
    sub: user.id,
    role: user.role,
    ver: 1,
    jti: randomUUID(),
    iat: now,
    nbf: now,
    exp: now + 900,
  };
}

/** Any claims and any header, signed with any key. */
export function signToken(claims: JWTPayload, header: JWTHeaderParameters, key: Parameters<SignJWT["sign"]>[0]): Promise<string> {
  return new SignJWT(claims).setProtectedHeader(header).sign(key);
}
