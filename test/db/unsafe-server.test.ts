import { writeFile } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { kronicle, run, SERVER } from "../support/process.ts";
import { createDirectory } from "../support/directory.ts";
import { canRunClusters, type Cluster, startCluster } from "../support/cluster/own-cluster.ts";

const EXIT_CONFIG = 78;

const HEADER = JSON.stringify({ kronicle_dump: 1, kronicle: "0.1.0", created_at: "2024-03-01T00:00:00Z", channels: 0, rows: 0 });

const REFUSAL = `The database server would lose rows that were acknowledged, as postgres finds it:
  fsync is off: a crash of its machine can lose rows and break the database. Set fsync = on for the server, and reload it.
  full_page_writes is off: a crash of its machine can break pages of the database. Set full_page_writes = on for the server, and reload it.
`;

const SETTINGS = ["fsync = off", "full_page_writes = off", "max_connections = 15", "max_locks_per_transaction = 16"];

describe.runIf(canRunClusters)("a server that could lose rows, and is too small", () => {
  let server: Cluster;
  beforeAll(async () => {
    server = await startCluster();
    await server.configure(...SETTINGS);
    // Some of them are only read at a start.
    await server.stop();
    await server.start();
  }, 180_000);
  afterAll(() => server[Symbol.asyncDispose]());

  test("is told so by the doctor, with what to do, and with 1", async () => {
    const { code, stdout } = await kronicle(["doctor"], { DATABASE_URL: server.url });
    expect(code).toBe(1);
    expect(stdout).toMatch(/^fail +durability: fsync is off: .+\n +-> Set fsync = on/m);
    expect(stdout).toMatch(/^fail +durability: full_page_writes is off: .+\n +-> Set full_page_writes = on/m);
    expect(stdout).toMatch(/^fail +connections: 12 for all servers, and one may open 27\n +-> Raise max_connections/m);
    expect(stdout).toMatch(/^warn +locks: max_locks_per_transaction is 16\n +-> Set it to 64/m);
    expect(stdout).toMatch(/\n\d+ ok, \d+ warnings, 3 failures\n$/);
  });

  test("is refused by a start with 78", async () => {
    await using process = run(SERVER, { DATABASE_URL: server.url, KRONICLE_PORT: "0" });
    const { code } = await process.ended;
    expect({ code, stdout: process.stdout(), stderr: process.stderr() }).toEqual({
      code: EXIT_CONFIG,
      stdout: "",
      stderr: REFUSAL,
    });
  });

  test("is refused by a restore with 78", async () => {
    await using directory = await createDirectory();
    const file = `${directory.path}/empty.ndjson`;
    await writeFile(file, `${HEADER}\n`);
    const outcome = await kronicle(["restore", file], { DATABASE_URL: server.url });
    expect(outcome).toEqual({ code: EXIT_CONFIG, stdout: "", stderr: REFUSAL });
  });

  test("has nothing of ours in it after all that", async () => {
    const { stdout } = await kronicle(["doctor"], { DATABASE_URL: server.url });
    expect(stdout).toMatch(/^warn +migrations: 0 of \d+ applied$/m);
  });
});
