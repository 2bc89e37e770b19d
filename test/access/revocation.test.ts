import { afterAll, beforeAll, describe, expect, type ExpectStatic, test } from "vitest";
import { as } from "../support/http.ts";
import { bearer, createKey, createUser, signIn, type TestUser } from "../support/identity.ts";
import { startTestServers, type TestServers } from "../support/servers.ts";
import { watchStatements } from "../support/statements.ts";

/** What is promised. */
const IN_FORCE_WITHIN_MS = 5_000;

let servers: TestServers;
beforeAll(async () => {
  servers = await startTestServers();
});
afterAll(() => servers[Symbol.asyncDispose]());

/** What each server answers to the credential. */
function statuses(credential: string): Promise<number[]> {
  return Promise.all(
    servers.all.map(async (server) => {
      const { status } = await bearer(server, credential).get("/api/v1/channels");
      return status;
    }),
  );
}

const everywhere = (status: number) => servers.all.map(() => status);

/** Taken on every server, so that each of them remembers it; and once it is ended, refused by all, soon and for good. */
async function expectEnd(expect: ExpectStatic, credential: string, end: () => Promise<unknown>): Promise<void> {
  expect(await statuses(credential)).toEqual(everywhere(200));
  await end();
  await expect.poll(() => statuses(credential), { timeout: IN_FORCE_WITHIN_MS, interval: 100 }).toEqual(everywhere(401));
  for (let count = 0; count < 3; count++) expect(await statuses(credential)).toEqual(everywhere(401));
}

const admin = () => as("admin", servers.first);

// Side by side, for each takes a while; so each has to bring its own expect.
describe.concurrent("within five seconds every server refuses", () => {
  test("a key that was revoked", async ({ expect }) => {
    const { key, key_id } = await createKey(servers.first, { lane: "reader" });
    await expectEnd(expect, key, () => admin().delete(`/auth/v1/keys/${key_id}`).expect(200));
  });

  test("a key that was rotated without an overlap, and takes its successor at once", async ({ expect }) => {
    const { key, key_id } = await createKey(servers.first, { lane: "reader" });
    await expectEnd(expect, key, async () => {
      const { body } = await admin().post(`/auth/v1/keys/${key_id}/rotate`).send({ overlap_seconds: 0 }).expect(201);
      expect(await statuses(body.key)).toEqual(everywhere(200));
    });
  });

  test("a key that has expired", async ({ expect }) => {
    const expires_at = new Date(Date.now() + 4_000).toISOString();
    const { key } = await createKey(servers.first, { lane: "reader", expires_at });
    await expectEnd(expect, key, async () => {});
  });

  const ends: [string, (user: TestUser) => Promise<unknown>][] = [
    ["disabled", ({ id }) => admin().patch(`/rbac/v1/users/${id}`).send({ disabled: true }).expect(200)],
    ["deleted", ({ id }) => admin().delete(`/rbac/v1/users/${id}`).expect(200)],
    ["given a lower role", ({ id }) => admin().patch(`/rbac/v1/users/${id}`).send({ role: "reader" }).expect(200)],
    ["given a higher role", ({ id }) => admin().patch(`/rbac/v1/users/${id}`).send({ role: "admin" }).expect(200)],
    [
      "given a new password",
      ({ id }) => admin().patch(`/rbac/v1/users/${id}`).send({ password: "correct horse battery staple" }).expect(200),
    ],
    [
      "disabled and enabled again",
      async ({ id }) => {
        await admin().patch(`/rbac/v1/users/${id}`).send({ disabled: true }).expect(200);
        await admin().patch(`/rbac/v1/users/${id}`).send({ disabled: false }).expect(200);
      },
    ],
  ];
  test.for(ends)("the token of a user who was %s", async ([, end], { expect }) => {
    const user = await createUser(servers.first, "writer");
    await expectEnd(expect, await signIn(servers.first, user), () => end(user));
  });

  test("the tokens before a change of one's own password, and takes the new one at once", async ({ expect }) => {
    const user = await createUser(servers.first, "writer");
    const [one, other] = [await signIn(servers.first, user), await signIn(servers.first, user)];
    expect(await statuses(other)).toEqual(everywhere(200));
    await expectEnd(expect, one, async () => {
      const change = { password: user.password, new_password: "correct horse battery staple" };
      const { body } = await bearer(servers.first, one).post("/auth/v1/change_password").send(change).expect(200);
      expect(await statuses(body.access_token)).toEqual(everywhere(200));
    });
    expect(await statuses(other)).toEqual(everywhere(401));
  });
});

describe("a key that was rotated", () => {
  test("goes on working on every server as long as the overlap lasts, beside its successor", async () => {
    const { key, key_id } = await createKey(servers.first, { lane: "reader" });
    const { body } = await admin().post(`/auth/v1/keys/${key_id}/rotate`).send({ overlap_seconds: 60 }).expect(201);
    // Longer than anything is remembered.
    const until = Date.now() + IN_FORCE_WITHIN_MS;
    while (Date.now() < until) {
      expect(await statuses(key)).toEqual(everywhere(200));
      expect(await statuses(body.key)).toEqual(everywhere(200));
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
  });
});

describe("what is remembered", () => {
  test("spares the database: many requests with one credential are a few looks", async () => {
    const { key } = await createKey(servers.first, { lane: "reader" });
    const token = await signIn(servers.first, await createUser(servers.first, "reader"));
    const statements = watchStatements(servers.first);
    for (let count = 0; count < 100; count++) {
      for (const credential of [key, token]) {
        // Refused before anything else happens, so that only the credential is looked at.
        await bearer(servers.first, credential).get("/api/v1/channels?unknown=1").expect(400);
      }
    }
    const looks = statements.filter((sql) => sql.startsWith("select") && /kronicle\.(api_key|user_account)/.test(sql));
    expect(looks.length).toBeGreaterThan(0);
    expect(looks.length).toBeLessThan(20);
    expect(statements.filter((sql) => sql.startsWith("update")).length).toBeLessThanOrEqual(1);
  });
});
