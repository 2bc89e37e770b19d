import { describe, expect, test } from "vitest";
import { as } from "../support/http.ts";
import { useTestServer } from "../support/use-test-server.ts";

const LIMIT = 20;

const server = useTestServer({ rateLimit: LIMIT });

describe.each([
  ["reader", "/api/v1/channels", "/health/live"],
  ["writer", "/data/v1/channels", "/api/v1/channels"],
  ["admin", "/setup/v1/channels", "/data/v1/channels"],
] as const)("a greedy %s", (lane, path, otherLane) => {
  test("is told to slow down, on this lane only, and nobody else is", async () => {
    const answers = await Promise.all(Array.from({ length: 10 * LIMIT }, () => as(lane, server).get(path)));
    const refused = answers.filter(({ status }) => status === 429);
    expect(answers.filter(({ status }) => status !== 200 && status !== 429)).toEqual([]);
    expect(refused.length).toBeGreaterThan(0);
    expect(refused[0]?.body).toMatchObject({ code: "rate_limited" });
    expect(refused[0]?.headers).toMatchObject({
      "retry-after": expect.stringMatching(/^\d+$/),
      ratelimit: expect.any(String),
      "ratelimit-policy": expect.stringContaining(`q=${LIMIT}`),
    });
    await as(lane, server).get(otherLane).expect(200);
    if (lane !== "admin") await as("admin", server).get("/api/v1/channels").expect(200);
  });
});
