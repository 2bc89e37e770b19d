import { describe, expect, test } from "vitest";
import { as } from "../../support/http.ts";
import { bearer, createKey } from "../../support/identity.ts";
import { useTestServer } from "../../support/use-test-server.ts";

const server = useTestServer();

const revoke = (id: string) => as("admin", server).delete(`/auth/v1/keys/${id}`);

// How soon it is in force where the key is in use: test/access/revocation.test.ts.
describe("200", () => {
  test("ends the key, and shows it without its secret", async () => {
    const { key, ...shown } = await createKey(server, { lane: "writer" });
    const { body } = await revoke(shown.key_id).expect(200);
    expect(body).toEqual({ ...shown, revoked_at: expect.stringMatching(/^\d{4}-.*Z$/) });
    await bearer(server, key).get("/api/v1/channels").expect(401);
  });

  test("leaves a key alone that is revoked already", async () => {
    const { key_id } = await createKey(server, { lane: "writer" });
    const { body: first } = await revoke(key_id).expect(200);
    const { body: second } = await revoke(key_id).expect(200);
    expect(second).toEqual(first);
  });

  test("ends no other key", async () => {
    const [ended, kept] = [await createKey(server, { lane: "writer" }), await createKey(server, { lane: "writer" })];
    await revoke(ended.key_id).expect(200);
    await bearer(server, kept.key).get("/api/v1/channels").expect(200);
  });
});

describe("400", () => {
  test.each(["4fTq9ZbXw2L", "4fTq9ZbXw2Lk0", "4fTq9ZbXw2L-", "%00%00%00%00%00%00%00%00%00%00%00%00", "static-admin"])(
    "refuses %s, which is no id of a key",
    async (id) => {
      const { body } = await revoke(id).expect(400);
      expect(body).toMatchObject({ code: "request_invalid" });
    },
  );
});

describe("404", () => {
  test("is for an id that no key has", async () => {
    const { body } = await revoke("4fTq9ZbXw2Lk").expect(404);
    expect(body).toMatchObject({ code: "key_not_found" });
  });
});
