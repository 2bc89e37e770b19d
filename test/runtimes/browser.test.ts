import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { hasChromium, openPage, type WatchedPage } from "../support/browser/browser.ts";
import { serveBuiltPage } from "../support/browser/built-page.ts";
import { KEYS, startTestServer, type TestServer } from "../support/server.ts";
import { OUTCOME } from "./outcome.ts";

const PAGE = new URL("page", import.meta.url).pathname;

describe.skipIf(!hasChromium)("the client, bundled by Vite, in Chromium (skipped where there is none)", () => {
  const open = new AsyncDisposableStack();
  let origin: string;
  let server: TestServer;
  let browser: WatchedPage;
  beforeAll(async () => {
    ({ origin } = open.use(await serveBuiltPage(PAGE)));
    server = open.use(await startTestServer({ corsOrigins: [origin] }));
    browser = open.use(await openPage(origin));
  });
  afterAll(() => open.disposeAsync());

  test("does everything as everywhere", async () => {
    const place = { baseUrl: server.url, token: KEYS.admin, name: "Chromium" };
    const outcome: unknown = await browser.page.evaluate(`exercise(${JSON.stringify(place)})`);
    expect(JSON.parse(String(outcome))).toEqual(OUTCOME);
  });

  test("gets answers only from servers that name the origin of its page", async () => {
    await using other = await startTestServer({ corsOrigins: ["https://example.org"] });
    const ask = ({ url }: TestServer) =>
      browser.page.evaluate(`fetch("${url}/health/live").then(({ status }) => status, ({ message }) => message)`);
    expect(await ask(server)).toBe(200);
    expect(await ask(other)).toBe("Failed to fetch");
  });
});
