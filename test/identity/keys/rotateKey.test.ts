import { describe, expect, test } from "vitest";
import { as } from "../../support/http.ts";
import { bearer, createKey } from "../../support/identity.ts";
import { asOwner, statement } from "../../support/owner.ts";
import { useTestServer } from "../../support/use-test-server.ts";

const LIMITS = {
  lane: "reader",
  label: "gateway in the attic",
  channels: ["6e8bc430-9c3a-4f5c-8d2e-2f1c9a7b4d10"],
  tags: ["room:lab"],
  expires_at: "2999-01-01T00:00:00Z",
} as const;

const server = useTestServer();

const rotate = (id: string, body: object = {}) => as("admin", server).post(`/auth/v1/keys/${id}/rotate`).send(body);

async function find(id: string): Promise<{ expires_at: string | null }> {
  const { body } = await as("admin", server).get("/auth/v1/keys?limit=1000").expect(200);
  return body.find(({ key_id }: { key_id: string }) => key_id === id);
}

const secondsUntil = (time: string | null) => (Date.parse(time ?? "") - Date.now()) / 1_000;

describe("201", () => {
  test("makes a key with the lane, the label, the limits and the expiry of this one", async () => {
    const { key: old, ...before } = await createKey(server, LIMITS);
    const response = await rotate(before.key_id).expect(201);
    expect(response.get("Cache-Control")).toBe("no-store");
    const { key_id, key, created_at: _created, ...rest } = response.body;
    expect({ ...before, ...rest, key_id: before.key_id }).toEqual(before);
    expect(key_id).not.toBe(before.key_id);
    expect(key).toMatch(new RegExp(`^krn_reader_${key_id}_\\w{43}_\\w{6}$`));
    expect(key).not.toBe(old);
  });

  test("lets both work for a day, or as long as it is told", async () => {
    const day = await createKey(server, { lane: "writer" });
    const { body: successor } = await rotate(day.key_id).expect(201);
    for (const key of [day.key, successor.key]) await bearer(server, key).get("/data/v1/channels").expect(200);
    expect(secondsUntil((await find(day.key_id)).expires_at)).toBeCloseTo(86_400, -2);
    expect(successor.expires_at).toBeNull();

    const hour = await createKey(server, { lane: "writer" });
    await rotate(hour.key_id, { overlap_seconds: 3_600 }).expect(201);
    expect(secondsUntil((await find(hour.key_id)).expires_at)).toBeCloseTo(3_600, -2);
  });

  test("never lets a key live longer than it would have", async () => {
    const expires_at = new Date(Date.now() + 60_000).toISOString();
    const { key_id } = await createKey(server, { lane: "writer", expires_at });
    const { body } = await rotate(key_id).expect(201);
    expect(Date.parse(body.expires_at)).toBe(Date.parse(expires_at));
    expect(Date.parse((await find(key_id)).expires_at ?? "")).toBe(Date.parse(expires_at));
  });

  test("needs no body members, and may be done again with the new key", async () => {
    const { key_id } = await createKey(server, { lane: "writer" });
    const { body: second } = await rotate(key_id, { overlap_seconds: 0 }).expect(201);
    const { body: third } = await rotate(second.key_id, { overlap_seconds: 0 }).expect(201);
    await bearer(server, third.key).get("/data/v1/channels").expect(200);
    await bearer(server, second.key).get("/data/v1/channels").expect(401);
  });
});

describe("400", () => {
  test.each([
    ["an overlap below zero", { overlap_seconds: -1 }, "/overlap_seconds"],
    ["an overlap beyond 30 days", { overlap_seconds: 2_592_001 }, "/overlap_seconds"],
    ["an overlap of half a second", { overlap_seconds: 0.5 }, "/overlap_seconds"],
    ["an overlap as text", { overlap_seconds: "60" }, "/overlap_seconds"],
    ["another lane", { lane: "admin" }, "/lane"],
    ["other channels", { channels: ["6e8bc430-9c3a-4f5c-8d2e-2f1c9a7b4d10"] }, "/channels"],
    ["another expiry", { expires_at: "2999-01-01T00:00:00Z" }, "/expires_at"],
  ])("refuses %s", async (_what, body, pointer) => {
    const { key_id } = await createKey(server, { lane: "reader" });
    const { body: problem } = await rotate(key_id, body).expect(400);
    expect(problem).toMatchObject({ code: "request_invalid", errors: [{ pointer }] });
    expect(await find(key_id)).toMatchObject({ expires_at: null });
  });
});

describe("404", () => {
  test("is for a key that does not exist, is revoked, or has expired: it cannot come back", async () => {
    const revoked = await createKey(server, { lane: "reader" });
    await as("admin", server).delete(`/auth/v1/keys/${revoked.key_id}`).expect(200);
    const expired = await createKey(server, { lane: "reader" });
    await asOwner(server.context, (owner) =>
      owner.query(
        statement(`update kronicle.api_key set expires_at = now() - interval '1 second' where key_id = '${expired.key_id}'`),
      ),
    );
    const { body: before } = await as("admin", server).get("/auth/v1/keys?limit=1000");
    for (const id of ["4fTq9ZbXw2Lk", revoked.key_id, expired.key_id]) {
      const { body } = await rotate(id).expect(404);
      expect(body).toMatchObject({ code: "key_not_found" });
    }
    const { body: after } = await as("admin", server).get("/auth/v1/keys?limit=1000");
    expect(after).toEqual(before);
  });
});
