import { describe, expect, test } from "vitest";
import { anonymous, as } from "../../support/http.ts";
import { bearer, createUser, signIn } from "../../support/identity.ts";
import { asOwner, statement } from "../../support/owner.ts";
import { useTestServer } from "../../support/use-test-server.ts";

const server = useTestServer();

const remove = (id: string) => as("admin", server).delete(`/rbac/v1/users/${id}`);

describe("200", () => {
  test("removes the user, and shows who it was", async () => {
    const { id, email, password } = await createUser(server, "writer", { name: "leaving" });
    const { body: before } = await as("admin", server).get(`/rbac/v1/users/${id}`).expect(200);
    const { body } = await remove(id).expect(200);
    expect(body).toEqual(before);
    await as("admin", server).get(`/rbac/v1/users/${id}`).expect(404);
    await anonymous(server).post("/auth/v1/login").send({ login: email, password }).expect(401);
  });

  test("leaves nothing in the database that identifies the person, but for the id in the audit trail", async () => {
    const { id, email } = await createUser(server, "writer", { name: "unforgettable name" });
    await as("admin", server).patch(`/rbac/v1/users/${id}`).send({ full_name: "Unforgettable Person" }).expect(200);
    await remove(id).expect(200);
    const trail = await asOwner(server.context, (owner) =>
      owner.any(statement(`select e::text as line from kronicle.audit_entry e where e.target = '${id}'`)),
    );
    expect(trail.length).toBeGreaterThanOrEqual(3);
    for (const { line } of trail) for (const trace of [email, "nforgettable"]) expect(line).not.toContain(trace);
  });

  test("frees the e-mail and the name for somebody else, who is another user", async () => {
    const { id, email } = await createUser(server, "admin", { name: "reused" });
    await remove(id).expect(200);
    const user = { email, name: "reused", role: "reader", password: "correct horse battery staple" };
    const { body } = await as("admin", server).post("/rbac/v1/users").send(user).expect(201);
    expect(body.id).not.toBe(id);
  });
});

describe("404", () => {
  test("is for a user who is gone, and for one who never was", async () => {
    const { id } = await createUser(server, "reader");
    await remove(id).expect(200);
    for (const nobody of [id, "0b0f3a52-3c5e-4f6a-9d55-0c3c1b1f7a21"]) {
      const { body } = await remove(nobody).expect(404);
      expect(body).toMatchObject({ code: "user_not_found" });
    }
  });
});

describe("409", () => {
  test("is for admins who delete themselves", async () => {
    const admin = await createUser(server, "admin");
    const token = await signIn(server, admin);
    for (const id of [admin.id, admin.id.toUpperCase()]) {
      const { body } = await bearer(server, token).delete(`/rbac/v1/users/${id}`).expect(409);
      expect(body).toMatchObject({ code: "own_account" });
    }
    await as("admin", server).get(`/rbac/v1/users/${admin.id}`).expect(200);
  });
});

describe("400", () => {
  test("refuses what the contract has no word for", async () => {
    const { body } = await as("admin", server).delete("/rbac/v1/users/nobody").expect(400);
    expect(body).toMatchObject({ code: "request_invalid" });
  });
});
