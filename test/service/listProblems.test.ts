import { describe, expect, test } from "vitest";
import { problemCodes } from "../../server/problem-list.ts";
import { anonymous } from "../support/http.ts";
import { useTestServer } from "../support/use-test-server.ts";

const server = useTestServer();

describe("200", () => {
  test("links to the page of every problem", async () => {
    const { text } = await anonymous(server).get("/problems").expect(200).expect("Content-Type", "text/html; charset=utf-8");
    const links = Array.from(text.matchAll(/href="(problems\/[^"]+)"/g), ([, link]) => link);
    expect(links).toEqual(problemCodes.map((code) => `problems/${code}`));
    for (const link of links) await anonymous(server).get(`/${link}`).expect(200);
  });

  test("is where the docs and each page of a problem lead", async () => {
    const { text: docs } = await anonymous(server).get("/docs").expect(200);
    expect(docs).toContain('href="./problems"');
    const { text: page } = await anonymous(server).get("/problems/row_invalid").expect(200);
    expect(page).toContain('href="../problems"');
  });

  test("runs no script and loads nothing from elsewhere", async () => {
    const { headers } = await anonymous(server).get("/problems").expect(200);
    expect(headers["content-security-policy"]).toContain("default-src 'none'");
    expect(headers["content-security-policy"]).not.toMatch(/script-src|unsafe/);
  });
});

describe("400", () => {
  test("refuses a query", async () => {
    const { body } = await anonymous(server).get("/problems?lang=de").expect(400);
    expect(body).toMatchObject({ errors: [{ parameter: "lang" }] });
  });
});

describe("404", () => {
  test("of a code that is nearly one says which was meant", async () => {
    const { body } = await anonymous(server).get("/problems/row_invalidd").expect(404);
    expect(body.detail).toBe('There is no problem of this code; did you mean "row_invalid"?');
  });
});

describe("406", () => {
  test("is for whoever takes no HTML", async () => {
    const { body } = await anonymous(server).get("/problems").set("Accept", "application/json").expect(406);
    expect(body.code).toBe("not_acceptable");
  });
});
