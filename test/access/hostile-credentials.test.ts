/** Credentials that are nearly as they should be. */
import { describe, expect, test } from "vitest";
import { openRawConnection } from "../support/network/raw-connection.ts";
import { KEYS } from "../support/server.ts";
import { useTestServer } from "../support/use-test-server.ts";

const server = useTestServer();

describe("Authorization", () => {
  test.each([
    ["no scheme", KEYS.admin],
    ["another scheme", `Basic ${KEYS.admin}`],
    ["a word that has the scheme in it", `NotBearer ${KEYS.admin}`],
    ["two spaces", `Bearer  ${KEYS.admin}`],
    ["a tab", `Bearer\t${KEYS.admin}`],
    ["two keys", `Bearer ${KEYS.admin} ${KEYS.admin}`],
    ["two keys with a comma", `Bearer ${KEYS.admin}, Bearer ${KEYS.admin}`],
    ["quotes", `Bearer "${KEYS.admin}"`],
    ["%00", `Bearer ${"%00".repeat(100)}`],
    ["a key and %00", `Bearer ${KEYS.admin}%00`],
    ["10 kB", `Bearer ${"k".repeat(10_000)}`],
    ["nothing", "Bearer "],
    ["a well-formed key that nobody made", "Bearer krn_admin_4fTq9ZbXw2Lk_0000000000000000000000000000000000000000000_000000"],
    ["letters beyond ASCII", `Bearer ${KEYS.admin}\u{e9}`],
  ])("refuses an Authorization with %s", async (_what, header) => {
    const response = await fetch(`${server.url}/setup/v1/channels`, { headers: { Authorization: header } });
    expect(response.status).toBe(401);
    expect(response.headers.get("WWW-Authenticate")).toContain("Bearer");
    expect(await response.json()).toMatchObject({ code: "credential_invalid" });
  });

  test.each(["bearer", "BEARER", "bEaReR"])("takes the scheme as %s", async (scheme) => {
    const response = await fetch(`${server.url}/setup/v1/channels`, { headers: { Authorization: `${scheme} ${KEYS.admin}` } });
    expect(response.status).toBe(200);
  });

  test.each([
    ["a good one first", KEYS.admin, "nonsense"],
    ["a good one last", "nonsense", KEYS.admin],
    ["the same twice", KEYS.admin, KEYS.admin],
  ])("refuses two Authorization headers: %s", async (_what, first, second) => {
    using connection = await openRawConnection(server);
    await connection.send(
      `GET /setup/v1/channels HTTP/1.1\r\nHost: kronicle\r\nAuthorization: Bearer ${first}\r\nAuthorization: Bearer ${second}\r\nConnection: close\r\n\r\n`,
    );
    expect(await connection.untilClosed()).toMatch(/^HTTP\/1\.1 401 [\s\S]*"code":"credential_invalid"/);
  });
});
