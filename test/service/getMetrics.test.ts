import { describe, expect, test } from "vitest";
import { anonymous, as } from "../support/http.ts";
import { parseMetrics } from "../support/network/scrape.ts";
import { startTestServer } from "../support/server.ts";
import { useTestServer } from "../support/use-test-server.ts";

const server = useTestServer();

/** As Prometheus 3 sends it. */
const ACCEPT =
  "application/openmetrics-text;version=1.0.0;q=0.6,application/openmetrics-text;version=0.0.1;q=0.5,text/plain;version=0.0.4;q=0.3,*/*;q=0.2";

describe("200", () => {
  test("is the text format of Prometheus, each metric with its help and its type", async () => {
    const { text, headers } = await as("reader", server).get("/metrics").set("Accept", ACCEPT).expect(200);
    expect(headers["content-type"]).toBe("text/plain; version=0.0.4; charset=utf-8");
    const typed = [...text.matchAll(/^# TYPE (\w+) (?:counter|gauge|histogram|summary)$/gm)].map(([, name = ""]) => name);
    const helped = [...text.matchAll(/^# HELP (\w+) \S.*$/gm)].map(([, name = ""]) => name);
    expect(typed).toEqual(helped);
    const samples = parseMetrics(text);
    expect(samples.length).toBeGreaterThan(typed.length);
    for (const { name, value } of samples) {
      expect(typed.some((known) => [known, `${known}_bucket`, `${known}_sum`, `${known}_count`].includes(name))).toBe(true);
      expect(value).not.toBeNaN();
    }
  });

  test("has names as Prometheus wants them", async () => {
    const { text } = await as("reader", server).get("/metrics").expect(200);
    const ours = [...text.matchAll(/^# TYPE (kronicle_\w+) (\w+)$/gm)].map(([, name = "", type]) => ({ name, type }));
    expect(ours.length).toBeGreaterThan(15);
    for (const { name, type } of ours) expect(name.endsWith("_total")).toBe(type === "counter");
    expect(ours.filter(({ name }) => /(_ms|millis|_kb|_count|_sum|_bucket)$/.test(name))).toEqual([]);
  });

  test.each(["reader", "writer", "admin"] as const)("takes the key of a %s", async (lane) => {
    await as(lane, server).get("/metrics").expect(200);
  });

  test("answers HEAD like GET, without a body", async () => {
    const { text } = await as("reader", server).head("/metrics").expect(200);
    expect(text).toBeUndefined();
  });

  test("goes to anybody, if the configuration opens it", async () => {
    await using opened = await startTestServer({ metrics: "open" });
    const { text } = await anonymous(opened).get("/metrics").expect(200);
    expect(text).toContain("kronicle_build_info{");
    await anonymous(opened).get("/metrics").set("Authorization", "Bearer nonsense").expect(200);
    // That one operation, and no other.
    await anonymous(opened).get("/api/v1/channels").expect(401);
  });
});

describe("400", () => {
  test("refuses a query", async () => {
    const { body } = await as("reader", server).get("/metrics?name=x").expect(400);
    expect(body).toMatchObject({ code: "request_invalid", errors: [{ parameter: "name" }] });
  });
});

describe("401", () => {
  test("is what anybody without a key gets, unless the configuration says otherwise", async () => {
    const { body } = await anonymous(server).get("/metrics").expect(401);
    expect(body).toMatchObject({ code: "credential_missing" });
    await anonymous(server).get("/metrics").set("Authorization", "Bearer nonsense").expect(401);
  });
});

describe("404", () => {
  test("is what everybody gets, if the configuration takes it away", async () => {
    await using without = await startTestServer({ metrics: "off" });
    const { body } = await as("admin", without).get("/metrics").expect(404);
    expect(body).toMatchObject({ code: "path_not_found" });
  });
});
