/** In charge of a real browser that tells everything which goes wrong on a page. */
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium, type Page } from "playwright-core";

const CHROMIUM = process.env["CHROMIUM"] || "/usr/bin/chromium";

export const hasChromium = existsSync(CHROMIUM);

const ARGUMENTS = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

export type WatchedPage = AsyncDisposable & {
  readonly page: Page;
  /** Whatever was written to the console as an error or a warning, broke the policy, or failed. */
  readonly complaints: readonly string[];
  /** Addresses of all requests. */
  readonly requests: readonly string[];
};

export async function openPage(url: string): Promise<WatchedPage> {
  const profile = await mkdtemp(join(tmpdir(), "kronicle-chromium-"));
  const context = await chromium.launchPersistentContext(profile, { executablePath: CHROMIUM, args: ARGUMENTS });
  const page = context.pages()[0] ?? (await context.newPage());
  const complaints: string[] = [];
  const requests: string[] = [];
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) complaints.push(`${message.type()}: ${message.text()}`);
  });
  page.on("pageerror", (error) => complaints.push(`uncaught: ${error.message}`));
  page.on("requestfailed", (request) => complaints.push(`failed: ${request.url()}`));
  context.on("request", (request) => requests.push(request.url()));
  // The console names most breaches of the policy; the event names every one.
  await page.exposeFunction("reportBreach", (breach: string) => complaints.push(`policy: ${breach}`));
  await page.addInitScript(
    `addEventListener("securitypolicyviolation", (event) => reportBreach(event.violatedDirective + " " + event.blockedURI))`,
  );
  await page.goto(url);
  return {
    page,
    complaints,
    requests,
    [Symbol.asyncDispose]: async () => {
      await context.close();
      await rm(profile, { recursive: true, force: true });
    },
  };
}
