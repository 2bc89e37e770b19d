import { describe, expect, test } from "vitest";
import { anonymous, as } from "../../support/http.ts";
import { useTestServer } from "../../support/use-test-server.ts";

const server = useTestServer();

async function publishedKids(): Promise<string[]> {
  const { body } = await anonymous(server).get("/.well-known/jwks.json").expect(200);
  return body.keys.map(({ kid }: { kid: string }) => kid);
}

// What becomes of tokens meanwhile: test/access/signing-keys.test.ts.
describe("201", () => {
  test("makes a key that is published at once, beside the one before", async () => {
    const before = await publishedKids();
    const { body } = await as("admin", server).post("/auth/v1/signing_keys/rotate").expect(201);
    expect(body).toEqual({ kid: expect.any(String) });
    expect(await publishedKids()).toEqual([...before, body.kid]);
  });

  test("makes another key each time, also when several ask at once", async () => {
    const before = await publishedKids();
    const answers = await Promise.all(
      Array.from({ length: 4 }, () => as("admin", server).post("/auth/v1/signing_keys/rotate").expect(201)),
    );
    const made = answers.map(({ body }) => body.kid);
    expect(new Set(made).size).toBe(4);
    expect((await publishedKids()).toSorted()).toEqual([...before, ...made].toSorted());
  });
});

describe("400", () => {
  test("refuses what the contract has no word for", async () => {
    const { body } = await as("admin", server).post("/auth/v1/signing_keys/rotate?x=1").expect(400);
    expect(body).toMatchObject({ code: "request_invalid" });
  });
});
