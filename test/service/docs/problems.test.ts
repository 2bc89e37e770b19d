import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { anonymous, as } from "../../support/http.ts";
import { useTestServer } from "../../support/use-test-server.ts";
import { problemList } from "../../../server/problem-list.ts";

const server = useTestServer();

test("docs/problems.md has every problem, as the server explains it", () => {
  const written = readFileSync(new URL("../../../docs/problems.md", import.meta.url), "utf8");
  expect(written).toBe(problemList());
});

test("answers of the API allow a browser nothing", async () => {
  for (const path of ["/health/live", "/nothing", "/openapi.json"]) {
    const { headers } = await anonymous(server).get(path);
    expect(headers["content-security-policy"]).toBe("default-src 'none';frame-ancestors 'none'");
  }
  const { headers } = await as("reader", server).get("/api/v1/channels").expect(200);
  expect(headers["content-security-policy"]).toBe("default-src 'none';frame-ancestors 'none'");
});
