import { createHash } from "node:crypto";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readConfig } from "@kronicle/server/config";
import { DumpError } from "../../../server/src/commands/dump/dump-error.ts";
import { readDumpFile } from "../../../server/src/commands/dump/dump-file.ts";
import { readDump } from "../../../server/src/commands/dump/read-dump.ts";
import { readLines } from "../../../server/src/commands/dump/read-lines.ts";
import { restoreDump } from "../../../server/src/commands/dump/restore-dump.ts";
import { openMigrated } from "../../../server/src/db/open-migrated.ts";
import type { Owner } from "../../../server/src/db/open-owner.ts";
import { type Environment, environmentFor, kronicle, startServerProcess } from "../../support/process.ts";
import { as } from "../../support/http.ts";
import { createEmptyDatabase, createTestDatabase, isNative, type TestDatabase } from "../../support/database.ts";
import { createDirectory } from "../../support/directory.ts";
import { statement } from "../../support/owner.ts";
import { startTestServer } from "../../support/server.ts";

const EXIT_DATA = 65;
const EXIT_NO_INPUT = 66;
const EXIT_CANNOT_CREATE = 73;
const EXIT_CONFIG = 78;

let directory: Awaited<ReturnType<typeof createDirectory>>;
let source: TestDatabase;
let target: TestDatabase;
let whole: string;

beforeAll(async () => {
  directory = await createDirectory();
  [source, target] = [await createTestDatabase(), await createTestDatabase()];
  await using server = await startTestServer(source.settings);
  for (const name of ["first", "second"]) {
    const rows = Array.from({ length: 3 }, (_, n) => ({ time: `2024-03-01T00:00:0${n}Z`, value: n + 0.5, note: name }));
    await as("writer", server)
      .post("/data/v1/channels")
      .send({ name, channel_schema: { value: "float", note: "optional[str]" }, rows })
      .expect(201);
  }
  await server.stop();
  const file = path("whole.ndjson");
  await kronicle(["dump", file], environmentFor(source.settings));
  whole = await readFile(file, "utf8");
}, 120_000);
afterAll(async () => {
  await target[Symbol.asyncDispose]();
  await source[Symbol.asyncDispose]();
  await directory[Symbol.asyncDispose]();
});

function path(name: string): string {
  return join(directory.path, name);
}

const line = (number: number) => whole.split("\n")[number - 1] ?? "";
const without = (number: number) =>
  whole
    .split("\n")
    .toSpliced(number - 1, 1)
    .join("\n");

/** A dump with other lines, and hashes that are right: made by somebody who knew how. */
function forge(change: (lines: string[]) => void): string {
  const lines = whole.trimEnd().split("\n");
  change(lines);
  const hash = (text: string[]) =>
    createHash("sha256")
      .update(text.map((each) => `${each}\n`).join(""))
      .digest("hex");
  for (const [start, end] of [
    [1, 5],
    [6, 10],
  ] as const) {
    const { channel } = JSON.parse(lines[start] ?? "");
    lines[end] = JSON.stringify({
      ...JSON.parse(line(end + 1)),
      end_of_channel: channel.channel_id,
      sha256: hash(lines.slice(start, end)),
    });
  }
  lines[11] = JSON.stringify({ ...JSON.parse(line(12)), sha256: hash(lines.slice(0, 11)) });
  return `${lines.join("\n")}\n`;
}

/** With a row that no channel could have. */
const forged = () =>
  forge((lines) => {
    lines[2] = line(3).replace("0.5", '"half"');
  });

/** With another definition of its second channel. */
const defined = (change: (channel: Record<string, unknown>) => object) => () =>
  forge((lines) => {
    const { channel } = JSON.parse(line(7));
    lines[6] = JSON.stringify({ channel: { ...channel, ...change(channel) } });
  });
const firstOf = (field: string) => JSON.parse(line(2)).channel[field];

describe("a dump that is not as it was written", () => {
  let database: TestDatabase;
  let owner: Owner;
  beforeAll(async () => {
    database = await createTestDatabase();
    ({ owner } = await openMigrated({ ...readConfig({}), ...database.settings }));
  });
  afterAll(async () => {
    await owner.close();
    await database[Symbol.asyncDispose]();
  });

  const restore = async (file: string) =>
    restoreDump(owner.pool, await readDump(readLines(readDumpFile(file))), { start: () => {}, advance: () => {} });

  test("has the lines that these tests are about", () => {
    expect(whole.trimEnd().split("\n")).toHaveLength(12);
    expect(line(3)).toContain("0.5");
    expect(line(6)).toContain('"end_of_channel"');
  });

  test.each([
    { what: "empty", make: () => "", words: "This is no dump of Kronicle" },
    { what: "something else", make: () => '{"name":"x"}\n', words: "This is no dump of Kronicle" },
    {
      what: "of a format to come",
      make: () => whole.replace('"kronicle_dump":1,"kronicle":"0.1.0"', '"kronicle_dump":2,"kronicle":"7.1.0"'),
      words: "Use Kronicle 7.1.0 or newer",
    },
    { what: "cut off behind a channel", make: () => whole.slice(0, whole.indexOf(line(7))), words: "cut off after line 6" },
    { what: "cut off between rows", make: () => whole.slice(0, whole.indexOf(line(10))), words: "cut off after line 9" },
    { what: "cut off within a row", make: () => whole.slice(0, whole.indexOf(line(10)) + 9), words: "Line 10" },
    { what: "without its last line", make: () => without(12), words: "cut off after line 11" },
    { what: "without a row", make: () => without(4), words: "the channel has 2 rows here, and had 3" },
    { what: "without the end of a channel", make: () => without(6), words: "is not closed" },
    {
      what: "without a channel",
      make: () => [...whole.split("\n").slice(0, 6), ...whole.split("\n").slice(11)].join("\n"),
      words: "the hash of the dump is another",
    },
    { what: "with another value", make: () => whole.replace(/(?<=[,[] ?)1\.5(?=[,\]])/, "1.25"), words: "the hash of channel" },
    {
      what: "with another name",
      make: () => whole.replace('"name" : "second"', '"name" : "third"'),
      words: "the hash of channel",
    },
    { what: "with something behind its end", make: () => `${whole}${line(3)}\n`, words: "behind the end of the dump" },
    { what: "with a value of another type, and right hashes", make: forged, words: "value: expected a finite number" },
    {
      what: "with a version beyond integers",
      make: defined(() => ({ version: 2 ** 31 })),
      words: "Line 7 of the dump is broken: channel.version",
    },
    { what: "with NUL in a name", make: defined(() => ({ name: "a\0b" })), words: "Line 7 of the dump is broken: name" },
    { what: "with ESC in a name", make: defined(() => ({ name: "a\u001b[2J" })), words: "no control characters" },
    { what: "with a name of 5 MB", make: defined(() => ({ name: "x".repeat(5_000_000) })), words: "1 to 256 characters" },
    {
      what: "with half a surrogate pair in a name",
      make: defined(() => ({ name: "\ud800" })),
      words: "Line 7 of the dump is broken: name",
    },
    {
      what: "with NUL in metadata",
      make: defined(() => ({ metadata: { a: ["\0"] } })),
      words: "Line 7 of the dump is broken: metadata",
    },
    { what: "with a colon in a key", make: defined(() => ({ metadata: { "a:b": 1 } })), words: "no colon" },
    {
      what: "with a tag that is an object",
      make: defined(() => ({ tags: { a: { b: 1 } } })),
      words: "Line 7 of the dump is broken: tags.a",
    },
    {
      what: "with column_info of no column",
      make: defined(() => ({ column_info: { other: { unit: "m" } } })),
      words: "Line 7 of the dump is broken: /column_info/other",
    },
    {
      what: "with column_info that is none",
      make: defined(() => ({ column_info: { value: { size: 1 } } })),
      words: "Line 7 of the dump is broken: /column_info",
    },
    {
      what: "with ESC in the name of a column",
      make: defined(() => ({ columns: [{ name: "a\u001b[2J", type: "float", optional: true }] })),
      words: "Line 7 of the dump is broken: /channel_schema",
    },
    {
      what: "with a column twice",
      make: defined(() => ({ columns: ["float", "str"].map((type) => ({ name: "value", type, optional: true })) })),
      words: "a column stands twice",
    },
    {
      what: "with one id twice",
      make: defined(() => ({ channel_id: firstOf("channel_id") })),
      words: "Line 7 of the dump is broken: its channel_id is that of the channel in line 2",
    },
    {
      what: "with one name twice",
      make: defined(() => ({ name: firstOf("name") })),
      words: "Line 7 of the dump is broken: its name is that of the channel in line 2",
    },
  ])("is refused with a sentence: $what", async ({ make, words }) => {
    const file = path("broken.ndjson");
    await writeFile(file, make());
    await expect(restore(file)).rejects.toThrow(words);
    await expect(restore(file)).rejects.toThrow(DumpError);
    expect(await owner.pool.exists(statement("select from kronicle.channel where deleted_at is null"))).toBe(false);
  });

  test("is refused when it is compressed and cut off, or not compressed at all", async () => {
    const file = path("broken.ndjson.gz");
    for (const bytes of [gzipSync(whole).subarray(0, -12), Buffer.from(whole)]) {
      await writeFile(file, bytes);
      await expect(restore(file)).rejects.toThrow("is no whole gzip file");
    }
  });
});

describe("the command", () => {
  test("refuses such a dump with 65, and nothing of it can be seen", async () => {
    const file = path("broken.ndjson");
    await writeFile(file, without(4));
    const { code, stdout, stderr } = await kronicle(["restore", file], environmentFor(target.settings));
    expect({ code, stdout }).toEqual({ code: EXIT_DATA, stdout: "" });
    expect(stderr).toBe("Line 5 of the dump is broken: the channel has 2 rows here, and had 3.\n");
    await using server = await startTestServer(target.settings);
    expect((await as("admin", server).get("/setup/v1/channels").expect(200)).body).toEqual([]);
  });

  test("leaves a database into which the whole one can be restored", async () => {
    const { code } = await kronicle(["restore", path("whole.ndjson")], environmentFor(target.settings));
    expect(code).toBe(0);
    await using server = await startTestServer(target.settings);
    const { body } = await as("admin", server).get("/setup/v1/channels").expect(200);
    expect(body).toMatchObject([
      { name: "first", available_rows: 3 },
      { name: "second", available_rows: 3 },
    ]);
  });
});

describe("what cannot be done", () => {
  async function refusal(args: string[], environment: Environment) {
    const { code, stdout, stderr } = await kronicle(args, environment);
    expect(stdout).toBe("");
    expect(stderr).not.toMatch(/^ +at /m);
    return { code, stderr };
  }

  test("is a restore into a database with channels", async () => {
    const { code, stderr } = await refusal(["restore", path("whole.ndjson")], environmentFor(source.settings));
    expect({ code, stderr }).toMatchObject({ code: EXIT_CONFIG, stderr: expect.stringContaining("has channels already") });
  });

  test("is a dump over a file that is there", async () => {
    const { code, stderr } = await refusal(["dump", path("whole.ndjson")], environmentFor(source.settings));
    expect({ code, stderr }).toMatchObject({ code: EXIT_CANNOT_CREATE, stderr: expect.stringContaining("is there already") });
    expect(await readFile(path("whole.ndjson"), "utf8")).toBe(whole);
  });

  test("is a dump into a directory that is not there", async () => {
    const { code } = await refusal(["dump", path("none/dump.ndjson")], environmentFor(source.settings));
    expect(code).toBe(EXIT_CANNOT_CREATE);
  });

  test("is a restore of a file that is not there, and makes no database", async () => {
    const { code } = await refusal(["restore", path("none.ndjson")], { KRONICLE_DATA_DIR: path("made") });
    expect(code).toBe(EXIT_NO_INPUT);
    expect(await readdir(directory.path)).not.toContain("made");
  });

  test("is a dump of no database, and makes none", async () => {
    const { code, stderr } = await refusal(["dump", path("x.ndjson")], { KRONICLE_DATA_DIR: path("made") });
    expect({ code, stderr }).toMatchObject({ code: EXIT_CONFIG, stderr: expect.stringContaining("There is no database in") });
    expect(await readdir(directory.path)).not.toContain("made");
  });

  test("is a restore into memory", async () => {
    const { code } = await refusal(["restore", path("whole.ndjson")], { KRONICLE_DATA_DIR: ":memory:" });
    expect(code).toBe(EXIT_CONFIG);
  });

  test.skipIf(isNative)("is a dump of an embedded database that a server uses; its pid is named, and it goes on", async () => {
    const environment = environmentFor(source.settings);
    await using server = await startServerProcess(environment);
    const { code, stderr } = await refusal(["dump", path("used.ndjson")], environment);
    expect({ code, stderr }).toMatchObject({ code: EXIT_CONFIG, stderr: expect.stringContaining(`(pid ${server.pid})`) });
    expect((await fetch(`${server.url}/health/ready`)).status).toBe(200);
    expect(await readdir(directory.path)).not.toContain("used.ndjson");
  });

  test.runIf(isNative)("is a dump of a database that Kronicle has never used, which it leaves as it is", async () => {
    await using other = await createEmptyDatabase();
    const { code, stderr } = await refusal(["dump", path("x.ndjson")], environmentFor(other.settings));
    expect({ code, stderr }).toMatchObject({ code: EXIT_CONFIG, stderr: expect.stringContaining("has 0 migrations") });
    expect(await refusal(["dump", path("x.ndjson")], environmentFor(other.settings))).toEqual({ code, stderr });
  });
});
