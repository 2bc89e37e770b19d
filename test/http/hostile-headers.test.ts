/** Headers that HTTP itself is particular about. */
import { describe, expect, test } from "vitest";
import { openRawConnection } from "../support/network/raw-connection.ts";
import { useTestServer } from "../support/use-test-server.ts";

const server = useTestServer();

describe("Host and Expect", () => {
  test("asks for a Host, and does without an Expect that it does not know", async () => {
    using nowhere = await openRawConnection(server);
    await nowhere.send("GET /health/live HTTP/1.1\r\nConnection: close\r\n\r\n");
    expect(await nowhere.untilClosed()).toMatch(/^HTTP\/1\.1 400 [\s\S]*application\/problem\+json[\s\S]*"parameter":"Host"/);
    using hopeful = await openRawConnection(server);
    await hopeful.send("GET /health/live HTTP/1.1\r\nHost: kronicle\r\nExpect: a miracle\r\nConnection: close\r\n\r\n");
    expect(await hopeful.untilClosed()).toMatch(/^HTTP\/1\.1 200 /);
  });
});
