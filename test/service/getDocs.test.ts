import { describe, expect, test } from "vitest";
import { anonymous } from "../support/http.ts";
import { useTestServer } from "../support/use-test-server.ts";

const server = useTestServer();

describe("200", () => {
  test("is a page for anybody that runs scripts of this server only", async () => {
    const { text, headers } = await anonymous(server).get("/docs").set("Accept", "text/html").expect(200);
    expect(text).toMatch(/^<!doctype html>/);
    expect(headers["content-type"]).toBe("text/html; charset=utf-8");
    expect(headers["content-security-policy"]).toMatch(/default-src 'none'.*script-src 'self'/);
    expect(text).not.toMatch(/(?:src|href)="https?:/);
  });
});

describe("400", () => {
  test("refuses a query", async () => {
    const { body } = await anonymous(server).get("/docs?url=https://example.org/openapi.json").expect(400);
    expect(body).toMatchObject({ errors: [{ parameter: "url" }] });
  });
});
