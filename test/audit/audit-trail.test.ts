import { describe, expect, test } from "vitest";
import { z } from "zod";
import { appendRows, createChannel } from "../support/channels.ts";
import { anonymous, as } from "../support/http.ts";
import { bearer, createKey, createUser, signIn, unknownKey } from "../support/identity.ts";
import { asOwner, statement } from "../support/owner.ts";
import { useTestServer } from "../support/use-test-server.ts";

const entry = z.object({
  actor: z.string().nullable(),
  action: z.string(),
  target: z.string().nullable(),
  request_id: z.string().nullable(),
  times: z.int(),
  details: z.record(z.string(), z.unknown()),
});

const server = useTestServer();

/** What the trail gained by this, oldest first. */
async function gainedBy(work: () => Promise<unknown>): Promise<z.infer<typeof entry>[]> {
  const lastId = () =>
    asOwner(server.context, (owner) =>
      owner.oneFirst(statement("select coalesce(max(e.id), 0)::text as id from kronicle.audit_entry e")),
    );
  const before = await lastId();
  await work();
  const rows = await asOwner(server.context, (owner) =>
    owner.any(
      statement(`
        select e.actor, e.action, e.target, e.request_id, e.times::integer as times, e.details::text as details
        from kronicle.audit_entry e where e.id > ${String(before)} order by e.id
      `),
    ),
  );
  return rows.map((row) => entry.parse({ ...row, details: JSON.parse(String(row["details"])) }));
}

const admin = () => as("admin", server).set("X-Request-Id", "the-request");

async function createChannelWith(rows: number): Promise<string> {
  const id = await createChannel(server, { channel_schema: { a: "float" } });
  if (rows > 0)
    await appendRows(
      server,
      id,
      Array.from({ length: rows }, () => ({ a: 1 })),
    );
  return id;
}

/** One entry, by the admin's key, for this request. */
const one = (action: string, target: unknown, details: unknown = {}) => [
  { actor: "static-admin", action, target, request_id: "the-request", times: 1, details },
];

describe("one entry is made for", () => {
  test("a key that is made, one that is rotated, and one that is revoked", async () => {
    let made = { key_id: "", key: "" };
    const creation = await gainedBy(async () => {
      ({ body: made } = await admin().post("/auth/v1/keys").send({ lane: "writer" }).expect(201));
    });
    expect(creation).toEqual(one("key_created", made.key_id, expect.any(Object)));
    expect(JSON.stringify(creation)).not.toContain(made.key);
    const rotation = await gainedBy(() => admin().post(`/auth/v1/keys/${made.key_id}/rotate`).send({}).expect(201));
    expect(rotation).toEqual(one("key_rotated", made.key_id, expect.any(Object)));
    const end = await gainedBy(() => admin().delete(`/auth/v1/keys/${made.key_id}`).expect(200));
    expect(end).toEqual(one("key_revoked", made.key_id, expect.any(Object)));
  });

  test("a signing key that is rotated", async () => {
    const gained = await gainedBy(() => admin().post("/auth/v1/signing_keys/rotate").expect(201));
    expect(gained).toEqual(one("signing_key_rotated", expect.any(String)));
  });

  test("a user who is made, changed and deleted, without what is personal", async () => {
    const fields = { email: "grace@example.org", role: "reader", password: "a password of some length" };
    let id = "";
    const creation = await gainedBy(async () => {
      ({
        body: { id },
      } = await admin().post("/rbac/v1/users").send(fields).expect(201));
    });
    expect(creation).toEqual(one("user_created", id, expect.any(Object)));
    const change = await gainedBy(() =>
      admin().patch(`/rbac/v1/users/${id}`).send({ full_name: "Grace Hopper", role: "writer" }).expect(200),
    );
    expect(change).toEqual(one("user_changed", id, { fields: ["full_name", "role"], role: "writer" }));
    const end = await gainedBy(() => admin().delete(`/rbac/v1/users/${id}`).expect(200));
    expect(end).toEqual(one("user_deleted", id, expect.any(Object)));
    expect(JSON.stringify([creation, change, end])).not.toMatch(/grace|hopper|password of/i);
  });

  test("a sign-in, and a password that its owner changes", async () => {
    const user = await createUser(server, "reader");
    let token = "";
    const entrance = await gainedBy(async () => (token = await signIn(server, user)));
    expect(entrance).toEqual([expect.objectContaining({ actor: user.id, action: "signed_in", target: user.id, times: 1 })]);
    const change = await gainedBy(() =>
      bearer(server, token)
        .post("/auth/v1/change_password")
        .send({ password: user.password, new_password: "another password of mine" })
        .expect(200),
    );
    expect(change).toEqual([expect.objectContaining({ actor: user.id, action: "password_changed", target: user.id, times: 1 })]);
  });

  test("a channel that is deleted, and each of a batch", async () => {
    const [first, second, third] = [await createChannelWith(0), await createChannelWith(0), await createChannelWith(0)];
    expect(await gainedBy(() => admin().delete(`/setup/v1/channels/${first}`).expect(200))).toEqual(
      one("channel_deleted", first),
    );
    const batch = await gainedBy(() =>
      admin()
        .post("/setup/v1/channels/batch-delete")
        .send({ channel_ids: [second, first, third] })
        .expect(200),
    );
    expect(batch).toEqual([...one("channel_deleted", second), ...one("channel_deleted", third)]);
  });

  test("rows that are deleted, all or some, with their number", async () => {
    const all = await createChannelWith(3);
    const gained = await gainedBy(() => admin().delete(`/setup/v1/channels/${all}/rows?all=true`).expect(200));
    expect(gained).toEqual(one("rows_deleted", all, { rows: 3 }));
    const filtered = await createChannelWith(2);
    const part = await gainedBy(() => admin().delete(`/setup/v1/channels/${filtered}/rows?min[a]=0`).expect(200));
    expect(part).toEqual(one("rows_deleted", filtered, { rows: 2 }));
  });
});

describe("refusals", () => {
  test("of somebody known are summed by who, what and minute", async () => {
    const { key, key_id } = await createKey(server, { lane: "reader" });
    const gained = await gainedBy(async () => {
      for (let count = 0; count < 5; count++) await bearer(server, key).get("/setup/v1/channels").expect(403);
      await bearer(server, key).get("/rbac/v1/audit").expect(403);
    });
    // A minute may end in between.
    const timesOf = (target: string) =>
      gained
        .filter((row) => row.action === "forbidden" && row.target === target && row.actor?.includes(key_id))
        .map(({ times }) => times);
    const sum = (times: readonly number[]) => times.reduce((total, each) => total + each, 0);
    expect([sum(timesOf("listChannelsAsAdmin")), sum(timesOf("listAudit"))]).toEqual([5, 1]);
    expect(timesOf("listChannelsAsAdmin").length).toBeLessThanOrEqual(2);
  });

  test("of a wrong password are summed by account", async () => {
    const user = await createUser(server, "reader");
    const gained = await gainedBy(async () => {
      for (let count = 0; count < 3; count++) {
        await anonymous(server).post("/auth/v1/login").send({ login: user.email, password: "not this one, surely" }).expect(401);
      }
    });
    expect(gained.every(({ action, target, actor }) => action === "sign_in_failed" && target === user.id && actor === null)).toBe(
      true,
    );
    expect(gained.reduce((total, { times }) => total + times, 0)).toBe(3);
    expect(gained.length).toBeLessThanOrEqual(2);
  });

  test("of nobody known leave nothing in the database", async () => {
    const gained = await gainedBy(async () => {
      await anonymous(server).get("/setup/v1/channels").expect(401);
      await bearer(server, unknownKey("admin")).get("/setup/v1/channels").expect(401);
      await bearer(server, "not a credential").get("/setup/v1/channels").expect(401);
    });
    expect(gained).toEqual([]);
  });
});

describe("nothing is written for", () => {
  test("what only reads, what only counts, and what did not happen", async () => {
    const id = await createChannelWith(1);
    const missing = "00000000-0000-4000-8000-000000000000";
    const gained = await gainedBy(async () => {
      await admin().get("/setup/v1/channels").expect(200);
      await admin().delete(`/setup/v1/channels/${id}/rows?dry_run=true&all=true`).expect(200);
      await admin().delete(`/setup/v1/channels/${missing}`).expect(404);
      await admin().delete(`/setup/v1/channels/${missing}/rows?all=true`).expect(404);
      await admin().delete("/auth/v1/keys/AAAAAAAAAAAA").expect(404);
      await admin().delete(`/rbac/v1/users/${missing}`).expect(404);
      await admin().post("/rbac/v1/users").send({ email: "short@example.org", role: "reader", password: "short" }).expect(400);
    });
    expect(gained).toEqual([]);
  });
});
