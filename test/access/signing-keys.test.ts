import { decodeProtectedHeader } from "jose";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { anonymous, as } from "../support/http.ts";
import { bearer, createUser, signIn, type TestUser } from "../support/identity.ts";
import { createTestDatabase } from "../support/database.ts";
import { asOwner, statement } from "../support/owner.ts";
import { startTestServer } from "../support/server.ts";
import { startTestServers, type TestServers } from "../support/servers.ts";

let servers: TestServers;
let user: TestUser;
beforeAll(async () => {
  servers = await startTestServers();
  user = await createUser(servers.first, "reader");
});
afterAll(() => servers[Symbol.asyncDispose]());

const kidOf = (token: string) => String(decodeProtectedHeader(token).kid);

function publishedKids(): Promise<string[][]> {
  return Promise.all(
    servers.all.map(async (server) => {
      const { body } = await anonymous(server).get("/.well-known/jwks.json").expect(200);
      return body.keys.map(({ kid }: { kid: string }) => kid);
    }),
  );
}

function statuses(token: string): Promise<number[]> {
  return Promise.all(
    servers.all.map(async (server) => {
      const { status } = await bearer(server, token).get("/api/v1/channels");
      return status;
    }),
  );
}

const everywhere = <T>(value: T) => servers.all.map(() => value);

/** Signs in on each server, and tells which key has signed. */
async function signers(): Promise<string[]> {
  const kids: string[] = [];
  for (const server of servers.all) kids.push(kidOf(await signIn(server, user)));
  return kids;
}

/** Lets all keys grow older by so much. */
async function age(interval: string): Promise<void> {
  await asOwner(servers.first.context, (owner) =>
    owner.query(statement(`update kronicle.signing_key set created_at = created_at - interval '${interval}'`)),
  );
}

/** Servers read the keys every two seconds. */
const SOON = { timeout: 10_000, interval: 200 };

async function rotate(): Promise<string> {
  const { body } = await as("admin", servers.first).post("/auth/v1/signing_keys/rotate").expect(201);
  return body.kid;
}

describe("a rotation", () => {
  test("signs with the new key once every server knows it, and leaves living tokens valid", async () => {
    await age("1 minute");
    const [old = ""] = (await publishedKids())[0] ?? [];
    const before = await signIn(servers.first, user);
    expect(kidOf(before)).toBe(old);

    const next = await rotate();
    // The other servers and the readers of the key set have to learn of it first.
    expect(await signers()).toEqual(everywhere(old));
    await expect.poll(publishedKids, SOON).toEqual(everywhere([old, next]));

    await age("11 seconds");
    await expect.poll(signers, SOON).toEqual(everywhere(next));
    expect(await statuses(before)).toEqual(everywhere(200));
    expect(await statuses(await signIn(servers.first, user))).toEqual(everywhere(200));
  });

  test("lets go of a key once no token can live that it has signed", async () => {
    await age("1 minute");
    const before = await signIn(servers.first, user);
    const old = kidOf(before);
    const next = await rotate();
    await age("16 minutes");
    await expect.poll(signers, SOON).toEqual(everywhere(next));
    expect(await statuses(before)).toEqual(everywhere(200));
    expect(await publishedKids()).toEqual(everywhere(expect.arrayContaining([old, next])));

    await age("15 minutes");
    await expect.poll(publishedKids, SOON).toEqual(everywhere([next]));
    expect(await statuses(before)).toEqual(everywhere(401));
  });

  test("removes the private parts of keys that nobody needs", async () => {
    await rotate();
    await age("2 days");
    await rotate();
    const stored = await asOwner(servers.first.context, (owner) => owner.any(statement("select kid from kronicle.signing_key")));
    expect(stored).toHaveLength(2);
  });
});

describe("a key that is 30 days old", () => {
  test("is replaced by itself, by one key however many servers there are", async () => {
    const before = new Set((await publishedKids()).flat());
    await age("31 days");
    await expect.poll(async () => new Set((await publishedKids()).flat().filter((kid) => !before.has(kid))).size, SOON).toBe(1);
    const [[newest] = []] = (await publishedKids()).map((kids) => kids.filter((kid) => !before.has(kid)));
    await expect.poll(publishedKids, SOON).toEqual(everywhere(expect.arrayContaining([newest])));
    // None comes after it.
    await new Promise((resolve) => setTimeout(resolve, 3_000));
    expect(new Set((await publishedKids()).flat().filter((kid) => !before.has(kid)))).toEqual(new Set([newest]));
  });
});

describe("a restart", () => {
  test("leaves living tokens valid", async () => {
    await using database = await createTestDatabase();
    await using before = await startTestServer(database.settings);
    const token = await signIn(before, await createUser(before, "reader"));
    await before.stop();
    await using after = await startTestServer(database.settings);
    await bearer(after, token).get("/api/v1/channels").expect(200);
  });
});
