import { AsyncLocalStorage } from "node:async_hooks";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openOwner } from "../../../server/src/db/open-owner.ts";
import { selectDumpSize } from "../../../server/src/commands/dump/queries/selectDumpSize.ts";
import { withSnapshot } from "../../../server/src/db/pool/with-snapshot.ts";
import { environmentFor, kronicle } from "../../support/process.ts";
import { createTestDatabase, isNative } from "../../support/database.ts";
import { as } from "../../support/http.ts";
import { asOwner, statement } from "../../support/owner.ts";
import { startTestServer, type TestServer } from "../../support/server.ts";

/** What a server of its own goes on doing while it is dumped or restored into; the embedded database has no meanwhile. */
describe.runIf(isNative)("meanwhile, on a server of its own", () => {
  let database: Awaited<ReturnType<typeof createTestDatabase>>;
  let server: TestServer;
  beforeAll(async () => {
    database = await createTestDatabase();
    server = await startTestServer(database.settings);
  });
  afterAll(async () => {
    await server[Symbol.asyncDispose]();
    await database[Symbol.asyncDispose]();
  });

  const append = (name: string, count: number) =>
    as("writer", server)
      .post("/data/v1/channels")
      .send({
        name,
        channel_schema: { value: "float" },
        rows: Array.from({ length: count }, (_, n) => ({ time: `2024-03-01T00:00:${String(n).padStart(2, "0")}Z`, value: n })),
      });

  test("rows that come, and channels that go, are no part of a dump that has begun", async () => {
    await append("going", 5).expect(201);
    await append("staying", 7).expect(201);
    // Slonik keeps whoever works in a transaction from using other connections.
    const elsewhere = AsyncLocalStorage.snapshot();
    const owner = await openOwner(server.context.config);
    try {
      const sizes = await withSnapshot(owner, async (snapshot) => {
        const first = await snapshot(selectDumpSize);
        await append("staying", 3).expect(200);
        const { body } = await as("admin", server).get("/setup/v1/channels?name=going").expect(200);
        await as("admin", server).delete(`/setup/v1/channels/${body[0].channel_id}`).expect(200);
        // All of its rows go, and its entry with them.
        await elsewhere(async () => {
          while ((await server.context.database.pools.admin.oneFirst(statement("select kronicle.purge_deleted(100)"))) !== null);
        });
        return [first, await snapshot(selectDumpSize)];
      });
      expect(sizes).toEqual([
        { channels: 2, rows: 12 },
        { channels: 2, rows: 12 },
      ]);
      expect(await withSnapshot(owner, (snapshot) => snapshot(selectDumpSize))).toEqual({ channels: 1, rows: 10 });
    } finally {
      await owner.close();
    }
  });

  test("nobody sees or frees what is being restored, and what was given up is freed", async () => {
    const dump = await kronicle(["dump", "-"], environmentFor(database.settings));
    const lines = dump.stdout.split("\n");
    await using target = await createTestDatabase();
    await using other = await startTestServer(target.settings);
    const purge = () => other.context.database.pools.admin.oneFirst(statement("select kronicle.purge_deleted(100)"));
    const stored = () =>
      asOwner(other.context, (owner) => owner.oneFirst(statement("select count(*)::integer as count from kronicle.channel")));

    const restore = spawn(process.execPath, ["server/src/cli.ts", "restore", "-"], {
      env: { PATH: process.env["PATH"], ...environmentFor(target.settings) },
      stdio: ["pipe", "ignore", "inherit"],
    });
    // All but the line that closes the dump.
    restore.stdin.write(`${lines.slice(0, -2).join("\n")}\n`);
    await expect.poll(stored, { timeout: 30_000 }).toBe(1);
    expect((await as("admin", other).get("/setup/v1/channels").expect(200)).body).toEqual([]);
    expect(await purge()).toBeNull();
    expect(await stored()).toBe(1);

    const second = await kronicle(["restore", "-"], environmentFor(target.settings));
    expect(second.code).not.toBe(0);

    restore.kill("SIGKILL");
    await once(restore, "close");
    await expect
      .poll(
        async () => {
          await purge();
          return stored();
        },
        { timeout: 30_000 },
      )
      .toBe(0);
    const rows = await asOwner(other.context, (owner) =>
      owner.oneFirst(statement("select count(*)::integer as count from series.s_1")),
    );
    expect(rows).toBe(0);
  });
});
