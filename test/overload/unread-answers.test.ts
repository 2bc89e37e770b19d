import { beforeAll, describe, expect, test } from "vitest";
import { as } from "../support/http.ts";
import { openRawConnection, type RawConnection } from "../support/network/raw-connection.ts";
import { KEYS } from "../support/server.ts";
import { useTestServer } from "../support/use-test-server.ts";

const ID = "6e8bc430-9c3a-4f5c-8d2e-2f1c9a7b4d10";
const MEGABYTE = 1024 * 1024;
/** More than the system keeps of a connection that nobody reads. */
const PAGE_BYTES = 15 * MEGABYTE;
/** Room for three pages. */
const MEMORY = 50 * MEGABYTE;
const CALLERS = 12;

const SOON = { timeout: 30_000 };

const server = useTestServer({ answerMemoryBytes: MEMORY, validateResponses: false });
beforeAll(async () => {
  await as("admin", server)
    .post("/setup/v1/channels")
    .send({ channel_id: ID, channel_schema: { note: "str" } })
    .expect(201);
  for (let row = 0; row < PAGE_BYTES / MEGABYTE / 3; row++) {
    const rows = [{ note: "x".repeat(3 * MEGABYTE) }];
    await as("writer", server).post(`/data/v1/channels/${ID}/rows`).send({ rows }).expect(200);
  }
});

/** Callers who ask for a page each, and read nothing. */
async function askAndReadNothing(path: string): Promise<readonly RawConnection[]> {
  return Promise.all(
    Array.from({ length: CALLERS }, async () => {
      const connection = await openRawConnection(server, { isPaused: true });
      await connection.send(`GET ${path} HTTP/1.1\r\nHost: kronicle\r\nAuthorization: Bearer ${KEYS.reader}\r\n\r\n`);
      return connection;
    }),
  );
}

const rowsPath = `/api/v1/channels/${ID}/rows`;

describe("answers that nobody takes", () => {
  test.each([
    ["pages", rowsPath],
    ["exports", `${rowsPath}/export`],
  ])(
    "are as many as there is memory for; others are refused, and taken again once those callers have gone: %s",
    async (_what, path) => {
      const waiting = await askAndReadNothing(path);
      await expect.poll(async () => (await as("reader", server).get(path)).status, SOON).toBe(503);
      const { body, headers } = await as("reader", server).get(path).expect(503);
      expect(body).toMatchObject({ code: "server_busy" });
      expect(headers["retry-after"]).toBe("1");
      // What is small is answered, and so is what was done.
      await as("reader", server).get(`${rowsPath}?from=2100-01-01T00:00:00Z`).expect(200);
      const answer = await as("writer", server)
        .post(`/data/v1/channels/${ID}/rows`)
        .set("Prefer", "return=representation")
        .send({ rows: [{ note: "y".repeat(100_000) }] })
        .expect(200);
      expect(answer.body.op_details).toMatchObject({ inserted_rows: 1 });

      for (const connection of waiting) connection[Symbol.dispose]();
      await expect.poll(async () => (await as("reader", server).get(path)).status, SOON).toBe(200);
    },
  );
});
