import { createWriter } from "@kronicle/client";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { thermometer } from "../../client/examples/sensor/thermometer.ts";
import { hasChromium, openPage, type WatchedPage } from "../support/browser/browser.ts";
import { serveBuiltPage } from "../support/browser/built-page.ts";
import { KEYS, startTestServer, type TestServer } from "../support/server.ts";

const PATIENCE = { timeout: 30_000 };
const PAGE = new URL("../../client/examples/live-chart", import.meta.url).pathname;

describe.skipIf(!hasChromium)("the page with the live chart in Chromium (skipped where there is none)", () => {
  const open = new AsyncDisposableStack();
  let server: TestServer;
  let browser: WatchedPage;
  beforeAll(async () => {
    const { origin } = open.use(await serveBuiltPage(PAGE));
    server = open.use(await startTestServer({ corsOrigins: [origin] }));
    browser = open.use(await openPage(origin));
  });
  afterAll(() => open.disposeAsync());

  const text = (id: string) => browser.page.locator(`#${id}`).textContent();

  async function store(temperature: number, secondsAgo = 0): Promise<void> {
    const kronicle = createWriter({ baseUrl: server.url, token: KEYS.writer });
    const rows = [{ time: new Date(Date.now() - secondsAgo * 1_000), reading: 1, temperature }];
    await kronicle.upsertChannel({ name: "sensor-1", schema: thermometer, rows });
  }

  async function connect(channel: string): Promise<void> {
    await browser.page.locator("[name=server]").fill(server.url);
    await browser.page.locator("[name=channel]").fill(channel);
    await browser.page.locator("[name=key]").fill(KEYS.reader);
    await browser.page.getByRole("button").click();
  }

  /** How many pixels of the chart have the color of its line. */
  function countLinePixels(): Promise<unknown> {
    return browser.page.evaluate(`{
      const canvas = document.querySelector("canvas");
      const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
      const isLine = (index) => data[index] === 0xd9 && data[index + 1] === 0x48 && data[index + 2] === 0x0f && data[index + 3] === 255;
      Array.from({ length: data.length / 4 }, (_, pixel) => isLine(4 * pixel)).filter(Boolean).length;
    }`);
  }

  test("says that a channel does not exist", async () => {
    await connect("sensor-9");
    await expect.poll(() => browser.page.locator("output").textContent(), PATIENCE).toContain('There is no channel "sensor-9"');
  });

  test("shows the newest reading and draws a line through all", async () => {
    for (const [index, temperature] of [20, 22.5, 21].entries()) await store(temperature, 60 - index * 20);
    await connect("sensor-1");

    await expect.poll(() => text("value"), PATIENCE).toBe("21.0 °C");
    expect(await text("state")).toBe("live");
    expect(await text("lowest")).toBe("20.0 °C");
    expect(await text("highest")).toBe("22.5 °C");
    expect(await text("readings")).toBe("3");
    expect(await countLinePixels()).toBeGreaterThan(100);
  });

  test("shows what comes in by itself", async () => {
    await store(28.25);
    await expect.poll(() => text("value"), PATIENCE).toBe("28.3 °C");
    expect(await text("readings")).toBe("4");
  });

  test("leaves out what is older than the minutes that it is asked for", async () => {
    await browser.page.locator("#minutes").selectOption("1");
    await expect.poll(() => text("lowest"), PATIENCE).toBe("21.0 °C");
  });

  test("complains of nothing", () => {
    expect(browser.complaints).toEqual([]);
  });
});
