import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { anonymous } from "../support/http.ts";
import { useTestServer } from "../support/use-test-server.ts";

const server = useTestServer();

const file = readFileSync(new URL("../../openapi/openapi.yaml", import.meta.url));

describe("200", () => {
  test("is the file, byte for byte, for anybody", async () => {
    const response = await fetch(`${server.url}/openapi.yaml`);
    expect(response.status).toBe(200);
    expect(response.headers.get("content-type")).toBe("application/yaml; charset=utf-8");
    expect(Buffer.from(await response.arrayBuffer()).equals(file)).toBe(true);
  });

  test("answers HEAD like GET, without a body", async () => {
    const { headers, text } = await anonymous(server).head("/openapi.yaml").set("Accept-Encoding", "identity").expect(200);
    expect(headers["content-length"]).toBe(String(file.length));
    expect(text).toBeUndefined();
  });
});

describe("400", () => {
  test("refuses a query", async () => {
    const { body } = await anonymous(server).get("/openapi.yaml?page=1").expect(400);
    expect(body).toMatchObject({ code: "request_invalid", errors: [{ parameter: "page" }] });
  });
});

describe("406", () => {
  test("has no other form", async () => {
    const { body } = await anonymous(server).get("/openapi.yaml").set("Accept", "application/json").expect(406);
    expect(body).toMatchObject({ code: "not_acceptable", detail: expect.stringContaining("application/yaml") });
  });
});
