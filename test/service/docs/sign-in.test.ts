import { describe, expect, test } from "vitest";
import { hasChromium, openPage } from "../../support/browser/browser.ts";
import { as } from "../../support/http.ts";
import { startTestServer } from "../../support/server.ts";

describe.skipIf(!hasChromium)("signing in at /docs", () => {
  test("tells why a password is not taken, and sends the token with every request once it is", async () => {
    await using server = await startTestServer();
    const user = { email: "ada@example.org", role: "reader", password: "correct horse battery staple" };
    await as("admin", server).post("/rbac/v1/users").send(user).expect(201);
    await using browser = await openPage(`${server.url}/docs`);
    const { page } = browser;
    const form = page.locator(".sign-in form");
    const signIn = async (password: string) => {
      await form.getByLabel("E-mail or name").fill(user.email);
      await form.getByLabel("Password").fill(password);
      await form.getByRole("button").click();
    };

    await page.locator(".opblock").first().waitFor();
    await page.locator(".sign-in summary").click();
    await signIn("wrong donkey charger paperclip");
    await form.getByText("Login or password is wrong").waitFor();
    await signIn(user.password);
    await form.getByText("Signed in, for 15 minutes.").waitFor();

    await page.locator('.intro a[href="#/api/readRows"]').click();
    await page.locator("#operations-api-readRows .execute").click();
    const answer = page.locator("#operations-api-readRows .live-responses-table");
    await answer.getByText("channel_not_found").first().waitFor();
    expect(await page.evaluate("JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie])")).not.toContain(
      "eyJ",
    );
  });
});
