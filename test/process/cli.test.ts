import { readdir } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { isNative } from "../support/database.ts";
import { createDirectory, createLastingDatabase } from "../support/lasting-database.ts";
import { CLI, type Environment, environmentFor, run, startServerProcess } from "../support/process.ts";
import { KEYS } from "../support/server.ts";

const EXIT_CONFIG = 78;
const USAGE = /^Usage:$/m;

/** Runs the command to its end. */
async function kronicle(args: readonly string[], environment: Environment) {
  await using command = run([...CLI, ...args], environment);
  const { code } = await command.ended;
  return { code, stdout: command.stdout(), stderr: command.stderr() };
}

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
    await using database = await createLastingDatabase();
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
  let database: Awaited<ReturnType<typeof createLastingDatabase>>;
  let environment: Environment;
  let server: Awaited<ReturnType<typeof startServerProcess>>;
  beforeAll(async () => {
    database = await createLastingDatabase();
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

describe("the command line", () => {
  test.each([{ args: ["--help"] }, { args: ["-h"] }, { args: ["keys", "create", "--help"] }])(
    "explains itself on $args",
    async ({ args }) => {
      const { code, stdout, stderr } = await kronicle(args, {});
      expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
      expect(stdout).toMatch(USAGE);
    },
  );

  test.each([
    { args: [], words: "A command is needed" },
    { args: ["keys"], words: 'no command "keys"' },
    { args: ["keys", "destroy"], words: 'no command "keys destroy"' },
    { args: ["--verbose"], words: "--verbose" },
    { args: ["keys", "create"], words: "--lane has to be one of reader, writer, admin" },
    { args: ["keys", "create", "--lane", "auth"], words: "--lane has to be one of reader, writer, admin" },
    { args: ["keys", "create", "--lane", "Writer"], words: "--lane has to be one of reader, writer, admin" },
  ])("refuses $args with 78, and makes nothing", async ({ args, words }) => {
    await using directory = await createDirectory();
    const { code, stdout, stderr } = await kronicle(args, { KRONICLE_DATA_DIR: `${directory.path}/data` });
    expect({ code, stdout }).toEqual({ code: EXIT_CONFIG, stdout: "" });
    expect(stderr).toContain(words);
    expect(await readdir(directory.path)).toEqual([]);
  });

  test("starts a server, too", async () => {
    await using database = await createLastingDatabase();
    await using server = run([...CLI, "start"], { ...environmentFor(database.settings), KRONICLE_PORT: "0" });
    const [, url = ""] = await server.waitFor("stdout", /^Kronicle listens on (http:\/\/\S+)$/m);
    expect(await write(url, KEYS.writer)).toBe(201);
    expect(await server.end("SIGTERM")).toEqual({ code: 0, signal: null });
  });
});
