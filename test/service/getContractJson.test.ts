import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { anonymous } from "../support/http.ts";
import { useTestServer } from "../support/use-test-server.ts";

const server = useTestServer();

const document: unknown = parse(readFileSync(new URL("../../openapi/openapi.yaml", import.meta.url), "utf8"));

describe("200", () => {
  test("is the same document as the YAML, for anybody", async () => {
    const { body } = await anonymous(server).get("/openapi.json").expect(200);
    expect(body).toEqual(document);
  });

  test("stays the same after requests were checked against it", async () => {
    // The validator rewrites the document that it is given.
    await anonymous(server).get("/health/live?unknown=1").expect(400);
    const { body } = await anonymous(server).get("/openapi.json").expect(200);
    expect(body).toEqual(document);
  });

  test("answers HEAD like GET, without a body", async () => {
    const { headers, text } = await anonymous(server).head("/openapi.json").set("Accept-Encoding", "identity").expect(200);
    expect(headers["content-length"]).toBe(String(Buffer.byteLength(JSON.stringify(document))));
    expect(text).toBeUndefined();
  });
});

describe("400", () => {
  test("refuses a query", async () => {
    const { body } = await anonymous(server).get("/openapi.json?page=1").expect(400);
    expect(body).toMatchObject({ code: "request_invalid", errors: [{ parameter: "page" }] });
  });
});
