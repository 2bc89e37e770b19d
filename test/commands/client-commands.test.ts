/** The words of the client's command, from either package: exit codes, one sentence for an error, and what a person sees on a terminal. */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createDirectory } from "../support/directory.ts";
import { CLI, outcomeOf } from "../support/process.ts";
import { KEYS, startTestServer, type TestServer } from "../support/server.ts";

const CLIENT_CLI = [process.execPath, "client/dist/cli.js"];
const ENVIRONMENT = { KRONICLE_READER_KEY: KEYS.reader, KRONICLE_WRITER_KEY: KEYS.writer };

let server: TestServer;
let directory: Awaited<ReturnType<typeof createDirectory>>;
let file: string;
beforeAll(async () => {
  server = await startTestServer();
  directory = await createDirectory();
  file = join(directory.path, "meter.csv");
  await writeFile(file, "time,v\n2024-03-01T10:00:00Z,1\n2024-03-01T11:00:00Z,2\n");
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await directory[Symbol.asyncDispose]();
});

describe.each([
  { from: "the client", cli: CLIENT_CLI },
  { from: "the server", cli: CLI },
])("the command of $from", ({ from, cli }) => {
  test("imports, exports and lists", async () => {
    const url = ["--url", server.url];
    expect(await outcomeOf([...cli, "import", file, "--channel", from, "--yes", ...url], ENVIRONMENT)).toMatchObject({
      code: 0,
      stdout: "Rows stored: 2.\n",
    });
    expect(await outcomeOf([...cli, "export", from, ...url], ENVIRONMENT)).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^time,v\r?\n2024-03-01T10:00:00\.000000Z,1\r?\n/),
      stderr: "",
    });
    expect(await outcomeOf([...cli, "ls", ...url], ENVIRONMENT)).toMatchObject({
      code: 0,
      stdout: expect.stringContaining(from),
    });
  });
});

describe("kronicle import", () => {
  test("ends with 1 when lines were refused", async () => {
    const bad = join(directory.path, "bad.csv");
    await writeFile(bad, "time,v\n2024-03-01T10:00:00Z,1\nTotal,2\n");
    const { code, stdout } = await outcomeOf(
      [...CLIENT_CLI, "import", bad, "--channel", "bad", "--yes", "--url", server.url],
      ENVIRONMENT,
    );
    expect({ code, stdout }).toEqual({ code: 1, stdout: `Rows stored: 1. Refused lines: 1, in ${bad}.rejected.csv.\n` });
  });

  test.each([
    { name: "the file is not there", args: ["missing.csv", "--channel", "x", "--yes"], expected: 64 },
    { name: "nobody can be asked", args: ["meter.csv", "--channel", "x"], expected: 64 },
    { name: "the service cannot be reached", args: ["meter.csv", "--channel", "x", "--url", "http://127.0.0.1:1"], expected: 69 },
    {
      name: "the key is not known",
      args: ["meter.csv", "--channel", "x", "--yes"],
      env: { KRONICLE_WRITER_KEY: "unknown" },
      expected: 69,
    },
  ])("says in one sentence, without a stack, that $name", async ({ args: [name = "", ...args], env = ENVIRONMENT, expected }) => {
    const url = args.includes("--url") ? [] : ["--url", server.url];
    const command = [...CLIENT_CLI, "import", join(directory.path, name), ...args, ...url];
    const { code, stdout, stderr } = await outcomeOf(command, env);
    expect({ code, stdout }).toEqual({ code: expected, stdout: "" });
    expect(stderr).toMatch(/[^\n]+\.\n$/);
    expect(stderr).not.toMatch(/^ +at /m);
  });

  test.skipIf(process.platform !== "linux")("asks on a terminal, and shows how far it is", async () => {
    const command = [...CLIENT_CLI, "import", file, "--channel", "terminal", "--url", server.url].join(" ");
    const onTerminal = (answer: string) =>
      outcomeOf(["sh", "-c", `echo ${answer} | script --quiet --return --command "${command}" /dev/null`], ENVIRONMENT);
    const refused = await onTerminal("n");
    expect(refused).toMatchObject({ code: 0, stdout: expect.stringContaining('Store it in "terminal"? [y/N]') });
    expect(refused.stdout).not.toContain("Rows stored");
    const accepted = await onTerminal("y");
    expect(accepted).toMatchObject({ code: 0, stdout: expect.stringMatching(/100 % \| 2 rows\s+Rows stored: 2\./) });
  });
});
