import { describe, expect, test } from "vitest";
import { anonymous } from "../support/http.ts";
import { openRawConnection } from "../support/network/raw-connection.ts";
import { startTestServer } from "../support/server.ts";
import { useTestServer } from "../support/use-test-server.ts";

const server = useTestServer();

describe("200", () => {
  test("says that the process is alive, to anybody", async () => {
    const { body } = await anonymous(server).get("/health/live").expect(200);
    expect(body).toEqual({ status: "alive" });
  });

  test("answers HEAD like GET, without a body", async () => {
    const { headers, text } = await anonymous(server).head("/health/live").expect(200);
    expect(headers["content-type"]).toBe("application/json; charset=utf-8");
    expect(headers["content-length"]).toBe(String('{"status":"alive"}'.length));
    expect(text).toBeUndefined();
  });

  test("is none the worse for a body and a media type that nobody asked for", async () => {
    const { body } = await anonymous(server).get("/health/live").type("text/weird").send("hello").expect(200);
    expect(body).toEqual({ status: "alive" });
  });

  test("does not care about the database, nor about the end of the process", async () => {
    await using other = await startTestServer({ drainSeconds: 30 });
    // As long as somebody is connected, new requests are still taken.
    using connected = await openRawConnection(other);
    await Promise.all(Object.values(other.context.database.pools).map((pool) => pool.end()));
    void other.stop();
    const { body } = await anonymous(other).get("/health/live").expect(200);
    expect(body).toEqual({ status: "alive" });
    expect(connected.isClosed()).toBe(false);
  });
});

describe("400", () => {
  test("refuses a query", async () => {
    const { body } = await anonymous(server).get("/health/live?verbose=1").expect(400);
    expect(body).toMatchObject({ code: "request_invalid", errors: [{ parameter: "verbose" }] });
  });
});
