import { readFileSync } from "node:fs";
import manifest from "@kronicle/server/package.json" with { type: "json" };
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { anonymous } from "../support/http.ts";
import { useTestServer } from "../support/use-test-server.ts";

const server = useTestServer();

describe("200", () => {
  test("tells the version of the package and of the contract, to anybody", async () => {
    const contract = parse(readFileSync(new URL(import.meta.resolve("@kronicle/openapi/openapi.yaml")), "utf8"));
    const { body } = await anonymous(server).get("/health/version").expect(200);
    expect(body).toEqual({ server: manifest.version, contract: contract.info.version });
  });

  test("answers HEAD like GET, without a body", async () => {
    const { text } = await anonymous(server).head("/health/version").expect(200);
    expect(text).toBeUndefined();
  });
});

describe("400", () => {
  test("refuses a query", async () => {
    const { body } = await anonymous(server).get("/health/version?page=1").expect(400);
    expect(body).toMatchObject({ code: "request_invalid", errors: [{ parameter: "page" }] });
  });
});
