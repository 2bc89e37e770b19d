import { once } from "node:events";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { describe, expect, test } from "vitest";
import { as } from "../support/http.ts";
import { SERVER_URL } from "../support/cluster/on-cluster.ts";
import { createTestDatabase, isNative } from "../support/database.ts";
import { createDirectory } from "../support/directory.ts";
import { type Environment, environmentFor, run, SERVER, startServerProcess } from "../support/process.ts";
import { KEYS } from "../support/server.ts";

/** EX_CONFIG of sysexits.h: starting again without a change is useless. */
const EXIT_CONFIG = 78;

/** Starts a server that will not start, and returns its last words. */
async function refusal(environment: Environment) {
  await using server = run(SERVER, { KRONICLE_PORT: "0", ...environment });
  const { code } = await server.ended;
  expect(server.stdout()).toBe("");
  return { code, words: server.stderr() };
}

describe("a bad configuration", () => {
  test.each([
    { what: "an unknown setting", name: "KRONICLE_PROT", value: "hunter2" },
    { what: "a bad number", name: "KRONICLE_POOL_SIZE", value: "hunter2" },
    { what: "a port beyond all ports", name: "KRONICLE_PORT", value: "65536" },
    { what: "a short key", name: "KRONICLE_ADMIN_KEY", value: "hunter2" },
    { what: "a URL of something else", name: "DATABASE_URL", value: "mysql://hunter2@127.0.0.1/x" },
    { what: "an unknown log level", name: "KRONICLE_LOG_LEVEL", value: "hunter2" },
    { what: "a file that is not there", name: "KRONICLE_ADMIN_KEY_FILE", value: "/hunter2" },
  ])("exits 78 before anything is made: $what", async ({ name, value }) => {
    await using directory = await createDirectory();
    const { code, words } = await refusal({ KRONICLE_DATA_DIR: `${directory.path}/data`, [name]: value });
    expect(code).toBe(EXIT_CONFIG);
    expect(words).toContain(name);
    // The value may be a secret that went into the wrong variable.
    expect(words).not.toContain("hunter2");
    expect(await readdir(directory.path)).toEqual([]);
  });

  test("names every fault at once", async () => {
    await using directory = await createDirectory();
    const { words } = await refusal({
      KRONICLE_DATA_DIR: `${directory.path}/data`,
      KRONICLE_PROT: "1",
      KRONICLE_PORT: "-1",
      KRONICLE_BODY_LIMIT: "1",
    });
    for (const name of ["KRONICLE_PROT", "KRONICLE_PORT", "KRONICLE_BODY_LIMIT"]) expect(words).toContain(name);
  });
});

describe.skipIf(isNative)("a directory", () => {
  test("that another server uses exits 78 with its pid, and the other goes on", async () => {
    await using database = await createTestDatabase();
    const environment = environmentFor(database.settings);
    await using server = await startServerProcess(environment);

    const { code, words } = await refusal(environment);
    expect(code).toBe(EXIT_CONFIG);
    expect(words).toContain(`(pid ${server.pid})`);
    expect(words).toContain(database.settings.dataDir);
    await as("admin", server)
      .post("/setup/v1/channels")
      .send({ channel_schema: { value: "float" } })
      .expect(201);
  });

  test("that another build made exits 78, and is not touched", async () => {
    await using database = await createTestDatabase();
    const environment = environmentFor(database.settings);
    await using server = await startServerProcess(environment);
    await as("admin", server)
      .post("/setup/v1/channels")
      .send({ name: "kept", channel_schema: { value: "float" } })
      .expect(201);
    await server.end("SIGTERM");

    const path = `${database.settings.dataDir}/build.json`;
    const right = await readFile(path, "utf8");
    await writeFile(path, JSON.stringify({ ...JSON.parse(right), build: "pglite 9.9.9" }));
    const { code, words } = await refusal(environment);
    expect(code).toBe(EXIT_CONFIG);
    expect(words).toContain("pglite 9.9.9");

    await writeFile(path, right);
    await using again = await startServerProcess(environment);
    const { body } = await as("reader", again).get("/api/v1/channels").expect(200);
    expect(body).toMatchObject([{ name: "kept" }]);
  });

  test.each(["notes.txt", "lock", "owner.json", "postgres"])(
    "that holds somebody else's %s exits 78, and is not touched",
    async (name) => {
      await using directory = await createDirectory();
      await writeFile(`${directory.path}/${name}`, "mine");
      await mkdir(`${directory.path}/photos`);
      const { code, words } = await refusal({ KRONICLE_DATA_DIR: directory.path });
      expect(code).toBe(EXIT_CONFIG);
      expect(words).toMatch(/holds files that are not Kronicle's/);
      expect(await readdir(directory.path)).toEqual([name, "photos"].toSorted());
      expect(await readFile(`${directory.path}/${name}`, "utf8")).toBe("mine");
    },
  );
});

describe("a directory that cannot be made", () => {
  test("exits 78 with what to set instead", async () => {
    const { code, words } = await refusal({ KRONICLE_DATA_DIR: "/dev/null/data" });
    expect(code).toBe(EXIT_CONFIG);
    expect(words).toMatch(
      /^The embedded database cannot use the directory \/dev\/null\/data \(ENOTDIR\)\. Set DATABASE_URL .+\n$/,
    );
  });
});

describe("a database that lets nobody in", () => {
  /** EX_UNAVAILABLE of sysexits.h: it may help to start again later. */
  const EXIT_UNAVAILABLE = 69;

  test.each([
    ["is not there", "postgres://app:hunter2@localhost:1/none", /ECONNREFUSED/],
    ["has an address that does not exist", "postgres://app:hunter2@kronicle.invalid/none", /kronicle\.invalid/],
  ])("is named in a sentence, without the password: %s", async (_what, url, reason) => {
    const { code, words } = await refusal({ DATABASE_URL: url });
    expect(code).toBe(EXIT_UNAVAILABLE);
    expect(words).toMatch(/^The database of DATABASE_URL cannot be opened: .+\n$/);
    expect(words).toMatch(reason);
    expect(words).not.toContain("hunter2");
  });

  test.runIf(isNative)("is named in a sentence, without the password: has another name", async () => {
    const url = new URL(SERVER_URL ?? "");
    url.pathname = "/kronicle_test_none";
    const { code, words } = await refusal({ DATABASE_URL: url.href });
    expect(code).toBe(EXIT_UNAVAILABLE);
    expect(words).toContain('database "kronicle_test_none" does not exist');
  });
});

describe("a port that is in use", () => {
  test("is named in a sentence, and the database is free again", async () => {
    await using database = await createTestDatabase();
    const environment = environmentFor(database.settings);
    const other = createServer().listen(0, "127.0.0.1");
    await once(other, "listening");
    const address = other.address();
    const port = typeof address === "object" && address ? String(address.port) : "";

    const { code, words } = await refusal({ ...environment, KRONICLE_PORT: port });
    other.close();
    expect(code).toBeGreaterThan(0);
    expect(words).toContain(port);
    expect(words).toMatch(/in use/);
    expect(words).not.toMatch(/^ +at /m);

    await using server = await startServerProcess(environment);
    const headers = { Authorization: `Bearer ${KEYS.reader}` };
    expect((await fetch(`${server.url}/api/v1/channels`, { headers })).status).toBe(200);
  });
});
