import { describe, expect, test } from "vitest";
import { as } from "../../support/http.ts";
import { bearer, createUser, signIn } from "../../support/identity.ts";
import { useTestServer } from "../../support/use-test-server.ts";

const server = useTestServer();

const WAYS = [
  {
    what: "disable",
    send: (token: string, id: string) => bearer(server, token).patch(`/rbac/v1/users/${id}`).send({ disabled: true }),
  },
  {
    what: "demote",
    send: (token: string, id: string) => bearer(server, token).patch(`/rbac/v1/users/${id}`).send({ role: "reader" }),
  },
  { what: "delete", send: (token: string, id: string) => bearer(server, token).delete(`/rbac/v1/users/${id}`) },
];

async function isAdmin(id: string): Promise<boolean> {
  const { status, body } = await as("admin", server).get(`/rbac/v1/users/${id}`);
  return status === 200 && body.role === "admin" && !body.disabled;
}

describe("admins who take each other's rights at once", () => {
  for (const one of WAYS) {
    for (const other of WAYS) {
      test(`one of them stays admin: one would ${one.what}, one would ${other.what}`, async () => {
        const [first, second] = [await createUser(server, "admin"), await createUser(server, "admin")];
        const [firstToken, secondToken] = [await signIn(server, first), await signIn(server, second)];
        const answers = await Promise.all([one.send(firstToken, second.id), other.send(secondToken, first.id)]);
        expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 401]);
        expect([await isAdmin(first.id), await isAdmin(second.id)].toSorted()).toEqual([false, true]);
      });
    }
  }

  test("a ring of five keeps one at least", async () => {
    const admins = await Promise.all(Array.from({ length: 5 }, () => createUser(server, "admin")));
    const tokens = await Promise.all(admins.map((admin) => signIn(server, admin)));
    const ids = admins.map(({ id }) => id);
    const answers = await Promise.all(
      tokens.map((token, index) =>
        bearer(server, token)
          .patch(`/rbac/v1/users/${ids[(index + 1) % ids.length]}`)
          .send({ disabled: true }),
      ),
    );
    expect(answers.map(({ status }) => status)).toContain(200);
    expect((await Promise.all(ids.map(isAdmin))).filter(Boolean).length).toBeGreaterThanOrEqual(1);
  });
});
