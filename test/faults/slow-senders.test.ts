import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { createChannel } from "../support/channels.ts";
import { appendHead, openRawConnection } from "../support/network/raw-connection.ts";
import { useTestServer } from "../support/use-test-server.ts";

const server = useTestServer();

test("a sender of one byte a second is given up, with its headers and with its body, and told why", async () => {
  const id = await createChannel(server, { channel_schema: { value: "float" } });
  using headers = await openRawConnection(server);
  using body = await openRawConnection(server);
  await headers.send("GET /health/live HTTP/1.1\r\nHost: kronicle\r\nX-Slow: ");
  await body.send(appendHead(id, "Content-Length: 1000"));
  while (!headers.isClosed() || !body.isClosed()) {
    await headers.send("x");
    await body.send(" ");
    await sleep(1_000);
  }
  for (const connection of [headers, body]) {
    const answer = await connection.untilClosed();
    expect(answer).toMatch(/^HTTP\/1\.1 400 /);
    expect(answer).toContain("The request did not arrive in time.");
  }
});
