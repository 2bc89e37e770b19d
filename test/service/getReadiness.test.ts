import { describe, expect, test } from "vitest";
import { anonymous } from "../support/http.ts";
import { openRawConnection } from "../support/network/raw-connection.ts";
import { startTestServer } from "../support/server.ts";
import { useTestServer } from "../support/use-test-server.ts";

const server = useTestServer();

describe("200", () => {
  test("is ready when every lane reaches the database, and says so to anybody", async () => {
    const { body } = await anonymous(server).get("/health/ready").expect(200);
    expect(body).toEqual({ status: "ready" });
  });

  test("answers HEAD like GET, without a body", async () => {
    const { text } = await anonymous(server).head("/health/ready").expect(200);
    expect(text).toBeUndefined();
  });
});

describe("400", () => {
  test("refuses a query", async () => {
    const { body } = await anonymous(server).get("/health/ready?page=1").expect(400);
    expect(body).toMatchObject({ code: "request_invalid", errors: [{ parameter: "page" }] });
  });
});

describe("503", () => {
  test("is not ready while the server drains, and says when to ask again", async () => {
    await using other = await startTestServer({ drainSeconds: 30 });
    // As long as somebody is connected, new requests are still taken.
    using connected = await openRawConnection(other);
    const { body: before } = await anonymous(other).get("/health/ready").expect(200);
    expect(before).toEqual({ status: "ready" });
    void other.stop();
    const { body, headers } = await anonymous(other).get("/health/ready").expect(503);
    expect(body).toMatchObject({ code: "not_ready", errors: [{ code: "draining" }] });
    expect(headers["retry-after"]).toBe("1");
    const { headers: head } = await anonymous(other).head("/health/ready").expect(503);
    expect(head["retry-after"]).toBe("1");
    expect(connected.isClosed()).toBe(false);
  });

  test.each(["reader", "writer", "admin", "auth"] as const)("names the %s lane when it has lost its database", async (lane) => {
    const other = await startTestServer();
    try {
      await other.context.database.pools[lane].end();
      const { body } = await anonymous(other).get("/health/ready").expect(503);
      expect(body).toMatchObject({
        code: "not_ready",
        errors: [{ code: "database_unreachable", detail: expect.stringContaining(lane) }],
      });
      expect(body.errors).toHaveLength(1);
    } finally {
      await other[Symbol.asyncDispose]();
    }
  });
});
