import { importJWK } from "jose";
import { describe, expect, test } from "vitest";
import { anonymous, as } from "../../support/http.ts";
import { useTestServer } from "../../support/use-test-server.ts";

const server = useTestServer();

describe("200", () => {
  test("publishes the public part of each key, and nothing else of it", async () => {
    const { body: rotated } = await as("admin", server).post("/auth/v1/signing_keys/rotate").expect(201);
    const { body } = await anonymous(server).get("/.well-known/jwks.json").expect(200);

    expect(body.keys).toHaveLength(2);
    expect(body.keys.at(-1).kid).toBe(rotated.kid);
    for (const key of body.keys) {
      expect(key).toEqual({
        kid: expect.stringMatching(/^[0-9a-f-]{36}$/),
        kty: "OKP",
        crv: "Ed25519",
        x: expect.stringMatching(/^[\w-]{43}$/),
        alg: "EdDSA",
        use: "sig",
      });
      expect(await importJWK(key)).toMatchObject({ type: "public" });
    }
  });
});

describe("400", () => {
  test("refuses what the contract has no word for", async () => {
    const { body } = await anonymous(server).get("/.well-known/jwks.json?x=1").expect(400);
    expect(body).toMatchObject({ code: "request_invalid" });
  });
});
