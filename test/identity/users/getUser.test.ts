import { describe, expect, test } from "vitest";
import { as } from "../../support/http.ts";
import { createUser } from "../../support/identity.ts";
import { useTestServer } from "../../support/use-test-server.ts";

const server = useTestServer();

const get = (id: string) => as("admin", server).get(`/rbac/v1/users/${id}`);

describe("200", () => {
  test("shows the user, without anything secret", async () => {
    const { id, email } = await createUser(server, "writer", { name: "ada" });
    const { body, text } = await get(id).expect(200);
    expect(body).toEqual({
      id,
      email,
      name: "ada",
      full_name: null,
      orcid: null,
      role: "writer",
      disabled: false,
      created_at: expect.any(String),
      updated_at: body.created_at,
    });
    expect(text).not.toContain("argon2");
  });

  test("takes the id in capitals", async () => {
    const { id } = await createUser(server, "reader");
    const { body } = await get(id.toUpperCase()).expect(200);
    expect(body.id).toBe(id);
  });
});

describe("400", () => {
  test.each(["ada", "1", "0b0f3a52", "0b0f3a52-3c5e-4f6a-9d55-0c3c1b1f7a2%27"])("refuses %s, which is no id", async (id) => {
    const { body } = await get(id).expect(400);
    expect(body).toMatchObject({ code: "request_invalid" });
  });
});

describe("404", () => {
  test("is for an id that no user has", async () => {
    const { body } = await get("0b0f3a52-3c5e-4f6a-9d55-0c3c1b1f7a21").expect(404);
    expect(body).toMatchObject({ code: "user_not_found" });
  });
});
