import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { OPERATIONS } from "../contract/document.ts";
import { anonymous, as } from "../support/http.ts";
import { startTestServer, type TestServer } from "../support/server.ts";

const OURS = "https://dashboard.example";
const FOREIGN = "https://evil.example";

/** Everything by which a browser would be told that a page may read an answer. */
const GRANTS = /^access-control-/;

const grantsOf = (headers: Readonly<Record<string, string>>) => Object.keys(headers).filter((name) => GRANTS.test(name));

const preflight = (server: TestServer, origin: string, path = "/api/v1/channels") =>
  anonymous(server)
    .options(path)
    .set({ Origin: origin, "Access-Control-Request-Method": "GET", "Access-Control-Request-Headers": "authorization" });

describe("a server whose configuration names no origin", () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startTestServer();
  });
  afterAll(() => server[Symbol.asyncDispose]());

  test.each(OPERATIONS.map(({ id, method, examplePath }) => [id, method, examplePath] as const))(
    "lets no page of another origin read %s",
    async (_id, method, path) => {
      const asked = await preflight(server, OURS, path).set("Access-Control-Request-Method", method.toUpperCase());
      expect(grantsOf(asked.headers)).toEqual([]);
      const answered = await anonymous(server)[method](path).set("Origin", OURS);
      expect(grantsOf(answered.headers)).toEqual([]);
    },
  );
});

describe("a server whose configuration names an origin", () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startTestServer({ corsOrigins: [OURS] });
  });
  afterAll(() => server[Symbol.asyncDispose]());

  test("lets its pages call, with a key in a header and never with cookies", async () => {
    const { status, headers } = await preflight(server, OURS);
    expect(status).toBe(204);
    expect(headers).toMatchObject({ "access-control-allow-origin": OURS, vary: expect.stringContaining("Origin") });
    expect(headers["access-control-allow-headers"]?.toLowerCase()).toContain("authorization");
    expect(headers).not.toHaveProperty("access-control-allow-credentials");
  });

  test("lets its pages see the headers that a caller needs, of answers and of refusals", async () => {
    for (const request of [as("reader", server), anonymous(server)]) {
      const { headers } = await request.get("/api/v1/channels").set("Origin", OURS);
      expect(headers["access-control-allow-origin"]).toBe(OURS);
      const exposed = headers["access-control-expose-headers"]?.split(",") ?? [];
      expect(exposed).toEqual(expect.arrayContaining(["ETag", "Link", "RateLimit", "Retry-After", "X-Request-Id"]));
    }
  });

  test.each([FOREIGN, "null", `${OURS}.evil.example`, OURS.replace("https", "http"), `${OURS}:8443`])(
    "does not let %s",
    async (origin) => {
      const asked = await preflight(server, origin);
      const answered = await as("reader", server).get("/api/v1/channels").set("Origin", origin);
      for (const { headers } of [asked, answered]) expect(headers).not.toHaveProperty("access-control-allow-origin");
    },
  );
});
