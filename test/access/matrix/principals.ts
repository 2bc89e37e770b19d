/** In charge of everybody who may knock in the matrix: who they are, and how each of them comes to their credential. */
import { as } from "../../support/http.ts";
import {
  createKey,
  createUser,
  readSigningKey,
  type Role,
  signIn,
  signToken,
  tokenClaims,
  unknownKey,
} from "../../support/identity.ts";
import { asOwner, statement } from "../../support/owner.ts";
import type { TestServer } from "../../support/server.ts";
import { CHANNELS, TEAMS } from "./channels.ts";

export type Principal = {
  readonly name: string;
  /** Null: the credential is not valid, or there is none. */
  readonly role: Role | null;
  /** Signed in, rather than with an API key. */
  readonly isUser: boolean;
  /** Limited to the own channel, so that the foreign one does not exist for it. */
  readonly isLimited: boolean;
  readonly obtain: (server: TestServer) => Promise<string | null> | string | null;
};

const stranger = { role: null, isUser: false, isLimited: false };
const key = { isUser: false, isLimited: false };
const user = { isUser: true, isLimited: false };

async function obtainToken(server: TestServer, role: Role): Promise<string> {
  return signIn(server, await createUser(server, role));
}

/** Those without a valid credential have had one for everything, or would have. */
export const PRINCIPALS: readonly Principal[] = [
  { name: "nobody", ...stranger, obtain: () => null },
  { name: "malformed key", ...stranger, obtain: () => unknownKey("admin").slice(0, -1) },
  { name: "unknown key", ...stranger, obtain: () => unknownKey("admin") },
  {
    name: "expired key",
    ...stranger,
    obtain: async (server) => {
      const expired = await createKey(server, { lane: "admin", expires_at: "2999-01-01T00:00:00Z" });
      await asOwner(server.context, (owner) =>
        owner.query(
          statement(`update kronicle.api_key set expires_at = now() - interval '1 second' where key_id = '${expired.key_id}'`),
        ),
      );
      return expired.key;
    },
  },
  {
    name: "revoked key",
    ...stranger,
    obtain: async (server) => {
      const revoked = await createKey(server, { lane: "admin" });
      await as("admin", server).delete(`/auth/v1/keys/${revoked.key_id}`).expect(200);
      return revoked.key;
    },
  },
  {
    name: "expired token",
    ...stranger,
    obtain: async (server) => {
      const { kid, privateKey } = await readSigningKey(server);
      const claims = tokenClaims(await createUser(server, "admin"));
      const past = Math.floor(Date.now() / 1_000) - 900;
      return signToken({ ...claims, iat: past, nbf: past, exp: past + 890 }, { alg: "EdDSA", typ: "at+jwt", kid }, privateKey);
    },
  },
  {
    name: "disabled user",
    ...stranger,
    obtain: async (server) => {
      const disabled = await createUser(server, "admin");
      const token = await signIn(server, disabled);
      await as("admin", server).patch(`/rbac/v1/users/${disabled.id}`).send({ disabled: true }).expect(200);
      return token;
    },
  },
  { name: "reader key", role: "reader", ...key, obtain: async (server) => (await createKey(server, { lane: "reader" })).key },
  {
    name: "reader key, one channel",
    role: "reader",
    ...key,
    isLimited: true,
    obtain: async (server) => (await createKey(server, { lane: "reader", channels: [CHANNELS.own] })).key,
  },
  {
    name: "reader key, one tag",
    role: "reader",
    ...key,
    isLimited: true,
    obtain: async (server) => (await createKey(server, { lane: "reader", tags: [`team:${TEAMS.own}`] })).key,
  },
  { name: "reader", role: "reader", ...user, obtain: (server) => obtainToken(server, "reader") },
  { name: "writer key", role: "writer", ...key, obtain: async (server) => (await createKey(server, { lane: "writer" })).key },
  {
    name: "writer key, one channel",
    role: "writer",
    ...key,
    isLimited: true,
    obtain: async (server) => (await createKey(server, { lane: "writer", channels: [CHANNELS.own] })).key,
  },
  { name: "writer", role: "writer", ...user, obtain: (server) => obtainToken(server, "writer") },
  { name: "admin key", role: "admin", ...key, obtain: async (server) => (await createKey(server, { lane: "admin" })).key },
  { name: "admin", role: "admin", ...user, obtain: (server) => obtainToken(server, "admin") },
];
