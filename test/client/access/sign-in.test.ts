import { AuthenticationError, createKronicle, defineChannel, login, NotFoundError } from "@kronicle/client";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { as } from "../../support/http.ts";
import { asOwner, statement } from "../../support/owner.ts";
import { startTestServer, type TestServer } from "../../support/server.ts";
import { connect, recordFetch } from "../connect.ts";

const ADA = { email: "ada@example.org", role: "admin", password: "correct horse battery staple" };

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
  await as("admin", server).post("/rbac/v1/users").send(ADA).expect(201);
});
afterAll(() => server[Symbol.asyncDispose]());

function signIn(password = ADA.password) {
  const { send, urls } = recordFetch();
  const token = login({ baseUrl: server.url, login: ADA.email, password, fetch: send });
  const kronicle = createKronicle({ baseUrl: server.url, token, fetch: send, retries: 0 });
  return { kronicle, signIns: () => urls.filter(({ pathname }) => pathname === "/auth/v1/login").length };
}

describe("login", () => {
  test("signs in once for all requests, and only when one is sent", async () => {
    const { kronicle, signIns } = signIn();
    expect(signIns()).toBe(0);
    await Promise.all([kronicle.setup.capabilities(), kronicle.reader.listChannels().page(), kronicle.setup.listKeys().page()]);
    expect(signIns()).toBe(1);
  });

  test("signs in once more when the token is refused, for all requests of that time together", async () => {
    const { kronicle, signIns } = signIn();
    await kronicle.setup.capabilities();
    await asOwner(server.context, (owner) =>
      owner.query(statement("update kronicle.user_account set token_version = token_version + 1")),
    );
    await expect
      .poll(
        async () => {
          await Promise.all([kronicle.setup.capabilities(), kronicle.reader.listChannels().page()]);
          return signIns();
        },
        { timeout: 10_000, interval: 250 },
      )
      .toBe(2);
  });

  test("tells a wrong password as an error of its family, without repeating it", async () => {
    const { kronicle } = signIn("wrong donkey charger paperclip");
    const refusal = await kronicle.reader
      .listChannels()
      .page()
      .catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(AuthenticationError);
    expect(refusal).toMatchObject({ code: "login_failed" });
    expect(String(refusal)).not.toContain("donkey");
  });

  test("refuses an address that is none", () => {
    expect(() => login({ baseUrl: "kronicle.example", login: "ada", password: "x" })).toThrow(TypeError);
  });
});

describe("keys", () => {
  test("are made with limits, listed page by page, rotated and revoked", async () => {
    const { setup } = connect("admin", server);
    const { channel_id } = await setup.createChannel({ schema: defineChannel({ value: "float" }) });
    const expiresAt = new Date("2999-01-01T00:00:00Z");
    const made = await setup.createKey({ lane: "writer", label: "gateway", channels: [channel_id], expiresAt });
    expect(made).toMatchObject({ channels: [channel_id], expires_at: "2999-01-01T00:00:00Z" });

    const limited = createKronicle({ baseUrl: server.url, token: made.key, retries: 0 });
    const visible = [];
    for await (const channel of limited.reader.listChannels()) visible.push(channel.channel_id);
    expect(visible).toEqual([channel_id]);

    const next = await setup.rotateKey(made.key_id, { overlapSeconds: 60 });
    expect(next).toMatchObject({ label: "gateway", channels: [channel_id], expires_at: "2999-01-01T00:00:00Z" });
    expect(await setup.revokeKey(made.key_id)).toMatchObject({ key_id: made.key_id, revoked_at: expect.any(String) });

    const listed = [];
    for await (const key of setup.listKeys()) listed.push(key.key_id);
    expect(listed).toEqual([made.key_id, next.key_id]);
    await expect(setup.revokeKey("000000000000")).rejects.toBeInstanceOf(NotFoundError);
  });

  test.each(["", "..", "4fTq9ZbXw2L", "4fTq9ZbXw2Lk/rotate", "krn_writer_4fTq9ZbXw2Lk"])(
    "have ids, and %j is none",
    async (keyId) => {
      const { setup } = connect("admin", server);
      await expect(setup.revokeKey(keyId)).rejects.toThrow(TypeError);
      await expect(setup.rotateKey(keyId)).rejects.toThrow(TypeError);
    },
  );
});
