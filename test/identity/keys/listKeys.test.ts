import { describe, expect, test } from "vitest";
import { packCursor } from "../../../server/src/formats/cursor.ts";
import { as } from "../../support/http.ts";
import { bearer, createKey } from "../../support/identity.ts";
import { walkPages } from "../../support/pages.ts";
import { useTestServer } from "../../support/use-test-server.ts";

type Key = { key_id: string; last_used_at: string | null };

const server = useTestServer();

const list = (query = "") => as("admin", server).get(`/auth/v1/keys${query}`);

describe("200", () => {
  test("is empty while there are none", async () => {
    const response = await list().expect(200);
    expect(response.body).toEqual([]);
    expect(response.get("Link")).toBeUndefined();
  });

  test("shows each key as it was made, revoked ones too, without the secret", async () => {
    const definition = { lane: "reader", label: "shown", tags: ["room:lab"], expires_at: "2999-01-01T00:00:00Z" };
    const { body: made } = await as("admin", server).post("/auth/v1/keys").send(definition).expect(201);
    const revoked = await createKey(server, { lane: "writer", channels: ["6e8bc430-9c3a-4f5c-8d2e-2f1c9a7b4d10"] });
    await as("admin", server).delete(`/auth/v1/keys/${revoked.key_id}`).expect(200);

    const { body, text } = await list().expect(200);
    const { key, ...shown } = made;
    expect(body).toEqual([
      shown,
      {
        key_id: revoked.key_id,
        lane: "writer",
        label: null,
        channels: ["6e8bc430-9c3a-4f5c-8d2e-2f1c9a7b4d10"],
        tags: null,
        created_at: expect.any(String),
        expires_at: null,
        revoked_at: expect.any(String),
        last_used_at: null,
      },
    ]);
    expect(text).not.toContain("hash");
    for (const whole of [key, revoked.key]) {
      const [, , , secret] = whole.split("_");
      expect(text).not.toContain(secret);
    }
  });

  test("tells when a key was last used", async () => {
    const { key, key_id } = await createKey(server, { lane: "reader" });
    await bearer(server, key).get("/api/v1/channels").expect(200);
    await expect
      .poll(async () => {
        const { body }: { body: Key[] } = await list();
        return body.find((shown) => shown.key_id === key_id)?.last_used_at;
      })
      .toMatch(/^\d{4}-/);
  });

  test("comes page by page, in order of creation, each key once", async () => {
    for (let count = 0; count < 6; count++) await createKey(server, { lane: "reader" });
    const { body: all }: { body: Key[] } = await list().expect(200);
    expect(all.length).toBeGreaterThan(6);
    const pages = await walkPages<Key>(server, "/auth/v1/keys?limit=2");
    expect(pages.flat()).toEqual(all);
    expect(pages.slice(0, -1).every((page) => page.length === 2)).toBe(true);
    expect(await walkPages(server, `/auth/v1/keys?limit=${all.length}`)).toHaveLength(1);
  });
});

describe("400", () => {
  const at = (position: unknown) => encodeURIComponent(packCursor(position, ["/auth/v1/keys", {}]));

  test.each([
    ["a limit of 0", "?limit=0"],
    ["a limit of 1,001", "?limit=1001"],
    ["a limit that is no number", "?limit=all"],
    ["an unknown parameter", "?lane=reader"],
    ["a cursor that is none", "?cursor=abc"],
    [
      "a cursor of another list",
      `?cursor=${encodeURIComponent(packCursor({ created_at: "x", id: "y" }, ["/rbac/v1/users", {}]))}`,
    ],
    ["a made-up cursor without a time", `?cursor=${at({ created_at: "yesterday", key_id: "4fTq9ZbXw2Lk" })}`],
    [
      "a made-up cursor with a time beyond all",
      `?cursor=${at({ created_at: "999999-01-01T00:00:00Z", key_id: "4fTq9ZbXw2Lk" })}`,
    ],
    ["a made-up cursor with NUL", `?cursor=${at({ created_at: "2024-03-01T00:00:00Z", key_id: "\0" })}`],
    ["a made-up cursor with a number", `?cursor=${at(7)}`],
  ])("refuses %s", async (_what, query) => {
    const { body } = await list(query).expect(400);
    expect(body.code).toBeOneOf(["request_invalid", "query_invalid"]);
  });
});
