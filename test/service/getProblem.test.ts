import { describe, expect, test } from "vitest";
import { problemCodes } from "../../server/problem-list.ts";
import { anonymous } from "../support/http.ts";
import { useTestServer } from "../support/use-test-server.ts";

const server = useTestServer();

describe("200", () => {
  test("is where the type of a problem leads", async () => {
    const { body } = await anonymous(server).get("/api/v1/channels").expect(401);
    const { text } = await anonymous(server)
      .get(body.type)
      .set("Accept", "text/html")
      .expect(200)
      .expect("Content-Type", "text/html; charset=utf-8");
    expect(text).toContain(`<h1>${body.title}</h1>`);
  });

  test.each(problemCodes)("explains %s", async (code) => {
    const { text } = await anonymous(server).get(`/problems/${code}`).expect(200);
    expect(text).toContain("What to do");
    expect(text).toContain(`&quot;code&quot;: &quot;${code}&quot;`);
    expect(text).toContain('href="../docs"');
  });

  test("runs no script and loads nothing from elsewhere", async () => {
    const { headers } = await anonymous(server).get("/problems/row_invalid").expect(200);
    expect(headers["content-security-policy"]).toContain("default-src 'none'");
    expect(headers["content-security-policy"]).not.toContain("script-src");
    expect(headers["content-security-policy"]).not.toContain("unsafe");
  });
});

describe("400", () => {
  test("refuses a query", async () => {
    const { body } = await anonymous(server).get("/problems/row_invalid?lang=de").expect(400);
    expect(body).toMatchObject({ errors: [{ parameter: "lang" }] });
  });
});

describe("404", () => {
  test.each(["nothing", "constructor", "__proto__", "%3Cscript%3E"])("knows no code %s", async (code) => {
    const { body } = await anonymous(server).get(`/problems/${code}`).expect(404);
    expect(body.code).toBe("path_not_found");
  });
});

describe("406", () => {
  test("is for whoever takes no HTML", async () => {
    const { body } = await anonymous(server).get("/problems/row_invalid").set("Accept", "application/json").expect(406);
    expect(body.code).toBe("not_acceptable");
  });
});
