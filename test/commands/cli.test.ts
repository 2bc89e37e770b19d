import { readdir } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { CLI, type Environment, environmentFor, kronicle, run, startServerProcess } from "../support/process.ts";
import { createEmptyDatabase, createTestDatabase, isNative, type TestDatabase } from "../support/database.ts";
import { createDirectory } from "../support/directory.ts";
import { KEYS } from "../support/server.ts";

/** EX_USAGE and EX_CONFIG of sysexits.h. */
const EXIT_USAGE = 64;
const EXIT_CONFIG = 78;

/** The status of an upsert, for which a key of the writer's lane is just enough. */
async function write(url: string, key: string): Promise<number> {
  const { status } = await fetch(`${url}/data/v1/channels`, {
    method: "POST",
    headers: { Authorization: `Bearer ${key}`, "Content-Type": "application/json" },
    body: JSON.stringify({ name: "made with a key", channel_schema: { value: "float" } }),
  });
  return status;
}

const CREATE_WRITER = ["keys", "create", "--lane", "writer", "--label", "for tests"];
const WRITER_KEY = /^krn_writer_\w{12}_\w{43}_\w{6}\n$/;

describe("keys create", () => {
  test("makes a key on a database that nobody uses, and a server takes it", async () => {
    await using database = await createEmptyDatabase();
    const { KRONICLE_ADMIN_KEY: _unset, ...environment } = environmentFor(database.settings);
    const { code, stdout, stderr } = await kronicle(CREATE_WRITER, environment);
    expect(code).toBe(0);
    expect(stdout).toMatch(WRITER_KEY);
    expect(stderr).not.toContain("krn_");

    await using server = await startServerProcess(environment);
    expect(await write(server.url, stdout.trim())).toBe(201);
  });
});

describe("keys create while a server uses the database", () => {
  let database: TestDatabase;
  let environment: Environment;
  let server: Awaited<ReturnType<typeof startServerProcess>>;
  beforeAll(async () => {
    database = await createTestDatabase();
    environment = environmentFor(database.settings);
    server = await startServerProcess(environment);
  });
  afterAll(async () => {
    await server[Symbol.asyncDispose]();
    await database[Symbol.asyncDispose]();
  });

  test("makes a key that works there at once, in its lane and not above", async () => {
    const { code, stdout } = await kronicle(CREATE_WRITER, environment);
    expect(code).toBe(0);
    expect(stdout).toMatch(WRITER_KEY);
    expect(await write(server.url, stdout.trim())).toBe(201);

    const { stdout: reader } = await kronicle(["keys", "create", "--lane", "reader"], environment);
    expect(await write(server.url, reader.trim())).toBe(403);
  });

  test("is followed by a life that lists show as tables and as JSON", async () => {
    const created = JSON.parse((await kronicle([...CREATE_WRITER, "--json"], environment)).stdout);
    expect(created).toMatchObject({ lane: "writer", label: "for tests", key: expect.stringMatching(/^krn_writer_/) });
    const { stdout: rotated } = await kronicle(["keys", "rotate", created.key_id, "--overlap-seconds", "60"], environment);
    expect(rotated).toMatch(WRITER_KEY);
    const newId = rotated.split("_")[2] ?? "";
    expect((await kronicle(["keys", "revoke", newId], environment)).stdout).toBe(`${newId} is revoked.\n`);

    const { stdout: table } = await kronicle(["keys", "list"], environment);
    expect(table).toMatch(/^key_id +lane +label +created_at +expires_at +revoked_at +last_used_at\n/);
    expect(table).toMatch(new RegExp(`^${created.key_id} +writer +for tests +\\S+Z +\\S+Z +- +-$`, "m"));
    expect(table).toMatch(new RegExp(`^${newId} +writer +for tests +\\S+Z +- +\\S+Z +-$`, "m"));
    expect(table).not.toContain(created.key.split("_")[3]);
    const listed = JSON.parse((await kronicle(["keys", "list", "--json"], environment)).stdout);
    expect(listed).toContainEqual(expect.objectContaining({ key_id: created.key_id, label: "for tests" }));
  });

  test("goes with users who are listed and can sign in", async () => {
    expect((await kronicle(["users", "list"], environment)).stdout).toBe("There are no users.\n");
    const who = ["--email", "ada@example.org", "--role", "writer"];
    const made = JSON.parse((await kronicle(["users", "create", ...who, "--json"], environment)).stdout);
    expect(made).toMatchObject({ email: "ada@example.org", role: "writer", password: expect.stringMatching(/^[\w-]{24}$/) });
    expect((await kronicle(["users", "list"], environment)).stdout).toMatch(/^\S+ +ada@example\.org +- +writer +false +\S+Z$/m);

    const { status } = await fetch(`${server.url}/auth/v1/login`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ login: made.email, password: made.password }),
    });
    expect(status).toBe(200);
  });

  // On a real server the command needs nobody's leave but the database's.
  test.skipIf(isNative).each([
    { what: "no key", key: "", words: "Set KRONICLE_ADMIN_KEY" },
    { what: "a key of a lower lane", key: KEYS.writer, words: "403" },
    { what: "a key of nobody", key: "x".repeat(40), words: "401" },
  ])("refuses $what with 78 and a sentence", async ({ key, words }) => {
    const { code, stdout, stderr } = await kronicle(CREATE_WRITER, { ...environment, KRONICLE_ADMIN_KEY: key });
    expect({ code, stdout }).toEqual({ code: EXIT_CONFIG, stdout: "" });
    expect(stderr).toContain(words);
    expect(stderr).not.toMatch(/^ +at /m);
    expect(stderr).not.toContain(KEYS.writer);
  });
});

describe("migrate", () => {
  test("brings a new database to this version, tells what it applied, and does nothing the second time", async () => {
    await using database = await createEmptyDatabase();
    const environment = environmentFor(database.settings);
    const first = await kronicle(["migrate", "--json"], environment);
    expect({ ...first, stdout: JSON.parse(first.stdout) }).toMatchObject({
      code: 0,
      stdout: { applied: expect.arrayContaining(["000001-extension.sql", "000005-grants.sql"]) },
    });
    expect(await kronicle(["migrate"], environment)).toEqual({ code: 0, stdout: "The database is up to date.\n", stderr: "" });
  });
});

describe("the command line", () => {
  test.each([
    { args: ["--help"], usage: "kronicle [options] [command]" },
    { args: ["-h"], usage: "kronicle [options] [command]" },
    { args: ["help", "dump"], usage: "kronicle dump [options] <file>" },
    { args: ["keys", "create", "--help"], usage: "kronicle keys create [options]" },
    { args: ["keys", "rotate", "-h"], usage: "kronicle keys rotate [options] <key-id>" },
    { args: ["users", "create", "--help"], usage: "kronicle users create [options]" },
    { args: ["db", "logins", "--help"], usage: "kronicle db logins [options]" },
    { args: ["doctor", "--help"], usage: "kronicle doctor [options]" },
    { args: ["restore", "--help"], usage: "kronicle restore [options] <file>" },
  ])("explains itself on $args", async ({ args, usage }) => {
    const { code, stdout, stderr } = await kronicle(args, {});
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout.split("\n")[0]).toBe(`Usage: ${usage}`);
  });

  test("names every command and every exit code in its help", async () => {
    const { stdout } = await kronicle(["--help"], {});
    for (const name of ["start", "migrate", "doctor", "keys", "users", "db", "dump", "restore"]) {
      expect(stdout).toMatch(new RegExp(`^  ${name} `, "m"));
    }
    for (const code of [0, 1, 64, 65, 66, 69, 73, 78]) expect(stdout).toMatch(new RegExp(`^  ${code} +\\w`, "m"));
  });

  test.each([
    { args: [], words: "Usage: kronicle [options] [command]" },
    { args: ["keys"], words: "Usage: kronicle keys [options] [command]" },
    { args: ["keys", "destroy"], words: "unknown command 'destroy'" },
    { args: ["kyes", "list"], words: "(Did you mean keys?)" },
    { args: ["keys", "revok", "x"], words: "(Did you mean revoke?)" },
    { args: ["--verbose"], words: "--verbose" },
    { args: ["keys", "create"], words: "--lane" },
    { args: ["keys", "create", "--lane", "auth"], words: "Allowed choices are reader, writer, admin." },
    { args: ["keys", "create", "--lane", "Writer"], words: "Allowed choices are reader, writer, admin." },
    { args: ["keys", "create", "--lane", "writer", "--labl", "x"], words: "(Did you mean --label?)" },
    { args: ["keys", "revoke"], words: "missing required argument 'key-id'" },
    { args: ["keys", "rotate", "x", "--overlap-seconds", "soon"], words: "It has to be a whole number." },
    { args: ["migrate", "twice"], words: "too many arguments" },
    { args: ["dump"], words: "missing required argument 'file'" },
    { args: ["dump", "-", "--json"], words: "leave --json out" },
  ])("refuses $args with 64, and makes nothing", async ({ args, words }) => {
    await using directory = await createDirectory();
    const { code, stdout, stderr } = await kronicle(args, { KRONICLE_DATA_DIR: `${directory.path}/data` });
    expect({ code, stdout }).toEqual({ code: EXIT_USAGE, stdout: "" });
    expect(stderr).toContain(words);
    expect(await readdir(directory.path)).toEqual([]);
  });

  test("starts a server, too", async () => {
    await using database = await createTestDatabase();
    await using server = run([...CLI, "start"], { ...environmentFor(database.settings), KRONICLE_PORT: "0" });
    const [, url = ""] = await server.waitFor("stdout", /^Kronicle listens on (http:\/\/\S+)$/m);
    expect(await write(url, KEYS.writer)).toBe(201);
    expect(await server.end("SIGTERM")).toEqual({ code: 0, signal: null });
  });
});
