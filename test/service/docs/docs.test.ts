import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { hasChromium, openPage, type WatchedPage } from "../../support/browser/browser.ts";
import { as } from "../../support/http.ts";
import { KEYS, startTestServer, type TestServer } from "../../support/server.ts";

/** The channel that the examples of the contract are about. */
const CHANNEL = "6e8bc430-9c3a-4f5c-8d2e-2f1c9a7b4d10";

describe.skipIf(!hasChromium)("/docs in Chromium (skipped where there is none; CHROMIUM names another path)", () => {
  let server: TestServer;
  let browser: WatchedPage;
  beforeAll(async () => {
    server = await startTestServer();
    browser = await openPage(`${server.url}/docs`);
    await browser.page.locator(".opblock").first().waitFor();
  });
  afterAll(async () => {
    await browser?.[Symbol.asyncDispose]();
    await server?.[Symbol.asyncDispose]();
  });

  function operation(tag: string, id: string) {
    return browser.page.locator(`#operations-${tag}-${id}`);
  }

  /** Sends the request as the page has filled it in. */
  async function execute(tag: string, id: string) {
    await operation(tag, id).locator(".execute").click();
    const answer = operation(tag, id).locator(".live-responses-table");
    await answer.locator(".response-col_description pre").first().waitFor();
    return {
      status: (await answer.locator("tbody .response-col_status").first().innerText()).trim(),
      body: JSON.parse((await answer.locator(".response-col_description pre").first().textContent()) ?? ""),
    };
  }

  async function open(tag: string, id: string) {
    await browser.page.locator(`.intro a[href="#/${tag}/${id}"]`).click();
    await operation(tag, id).locator(".execute").waitFor();
  }

  test("groups every operation by its lane", async () => {
    const groups = await browser.page.locator("h3.opblock-tag").evaluateAll((heads) => heads.map((head) => head.dataset["tag"]));
    expect(groups).toEqual(["setup", "data", "api", "auth", "rbac", "service"]);
    const { paths } = (await as("reader", server).get("/openapi.json")).body;
    const operations = Object.values<Record<string, { operationId?: string }>>(paths).flatMap((path) =>
      Object.values(path).filter(({ operationId }) => operationId),
    );
    expect(await browser.page.locator(".opblock").count()).toBe(operations.length);
  });

  test("takes an admin key, creates the channel of the examples, appends rows and reads them", async () => {
    const { page } = browser;
    await page.getByRole("button", { name: "Authorize" }).first().click();
    await page.locator(".modal-ux input").fill(KEYS.admin);
    await page.locator(".modal-ux .authorize").click();
    await page.locator(".modal-ux .btn-done").click();

    await open("setup", "createChannel");
    expect(await execute("setup", "createChannel")).toMatchObject({ status: "201", body: { channel_id: CHANNEL } });

    await open("data", "appendRows");
    expect(await execute("data", "appendRows")).toMatchObject({ status: "200", body: { op_details: { inserted_rows: 2 } } });
    const { body: stored } = await as("reader", server).get(`/api/v1/channels/${CHANNEL}/rows`).expect(200);
    expect(stored.rows).toHaveLength(2);

    await open("api", "readRows");
    const read = await execute("api", "readRows");
    expect(read.status).toBe("200");
    expect(read.body.rows).toEqual(stored.rows);
  });

  test("sends a filter in brackets as the contract writes it", async () => {
    const filter = operation("api", "readRows").locator('tr[data-param-name="min"]');
    await filter.locator("textarea").fill('{"temperature": "20.6"}');
    const answered = browser.page.waitForResponse((response) => response.url().includes("/api/v1/"));
    await operation("api", "readRows").locator(".execute").click();
    const answer = await answered;
    expect(new URL(answer.url()).searchParams.get("min[temperature]")).toBe("20.6");
    expect((await answer.json()).rows).toMatchObject([{ temperature: 20.6 }]);
  });

  test.each(["application/x-ndjson", "text/csv"])("sends the rows of the example as %s", async (type) => {
    const form = operation("data", "appendRows");
    await form.locator(".opblock-section-request-body .content-type").selectOption(type);
    const answered = browser.page.waitForResponse((response) => response.request().method() === "POST");
    await form.locator(".execute").click();
    const answer = await answered;
    expect(await answer.request().headerValue("content-type")).toBe(type);
    expect([answer.status(), await answer.json()]).toMatchObject([200, { op_details: { inserted_rows: 2 } }]);
  });

  test("keeps the key in memory, asks no other server, keeps the policy and leaves the console empty", async () => {
    const kept = await browser.page.evaluate("JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie])");
    expect(kept).not.toContain(KEYS.admin);
    const outside = browser.requests.filter((url) => !url.startsWith(`${server.url}/`) && !url.startsWith("data:"));
    expect(outside).toEqual([]);
    expect(browser.requests.length).toBeGreaterThan(8);
    expect(browser.complaints).toEqual([]);
  });
});
