import { request } from "node:http";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createTestDatabase, isNative } from "../support/database.ts";
import { as } from "../support/http.ts";
import { asOwner, statement } from "../support/owner.ts";
import { environmentFor, startServerProcess } from "../support/process.ts";
import { KEYS, startTestServer, type TestServer } from "../support/server.ts";

const ID = "6e8bc430-9c3a-4f5c-8d2e-2f1c9a7b4d10";
const READS = ["rows", "columns", "rows/export"] as const;

/** Far less than the statements would take, which end by their timeout after half a minute. */
const SOON = { timeout: 10_000, interval: 20 };

// Only a real server can be looked at from a second session.
describe.runIf(isNative)("a client that goes", () => {
  let database: Awaited<ReturnType<typeof createTestDatabase>>;
  let server: TestServer;
  beforeAll(async () => {
    database = await createTestDatabase();
    server = await startTestServer(database.settings);
    const fields = { channel_id: ID, channel_schema: { value: "float" }, rows: [{ time: "2024-03-01T00:00:00Z", value: 1 }] };
    await as("writer", server).post("/data/v1/channels").send(fields).expect(201);
    // Whatever reads a row calls this function.
    await asOwner(server.context, (owner) =>
      owner.query(
        statement(`
          create or replace function kronicle.rfc3339(t timestamptz) returns text language plpgsql
          as $$ begin perform pg_sleep(60); return ''; end $$
        `),
      ),
    );
  });
  afterAll(async () => {
    await server[Symbol.asyncDispose]();
    await database[Symbol.asyncDispose]();
  });

  const countActive = () =>
    asOwner(server.context, (owner) =>
      owner.oneFirst(
        statement(`
          select count(*)::integer as active from pg_stat_activity a
          where a.datname = current_database() and a.state = 'active' and a.query like '%rfc3339%' and a.pid <> pg_backend_pid()
        `),
      ),
    );

  const read = (url: string, index: number) => {
    const headers = { Authorization: `Bearer ${KEYS.reader}` };
    const sent = request(`${url}/api/v1/channels/${ID}/${READS[index % READS.length]}`, { headers, agent: false }).end();
    // Being cut off is what this is about.
    sent.on("error", () => {});
    return sent;
  };

  test("takes its statement along: after a hundred broken off reads no session works on one, and the next read has room", async () => {
    const reads = Array.from({ length: 100 }, (_, index) => read(server.url, index));
    await expect.poll(countActive, SOON).toBe(server.context.config.poolSize);
    for (const sent of reads) sent.destroy();
    await expect.poll(countActive, SOON).toBe(0);
    await expect
      .poll(() => server.context.database.pools.reader.state(), SOON)
      .toMatchObject({
        acquiredConnections: 0,
        waitingClients: 0,
      });
    await as("reader", server).get(`/api/v1/channels?name=none`).expect(200);
  });

  test("takes its statement along also when it is the server that dies", async () => {
    await using other = await startServerProcess(environmentFor(database.settings));
    const sent = read(other.url, 0);
    await expect.poll(countActive, SOON).toBe(1);
    await other.end("SIGKILL");
    await expect.poll(countActive, SOON).toBe(0);
    sent.destroy();
  });
});
