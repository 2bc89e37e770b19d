import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { format } from "prettier";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createDirectory } from "../../support/directory.ts";
import { CLI, run } from "../../support/process.ts";
import { KEYS, startTestServer, type TestServer } from "../../support/server.ts";
import { connect } from "../connect.ts";

const CHECKOUT = new URL("../../..", import.meta.url).pathname;
const TSC = createRequire(join(CHECKOUT, "package.json")).resolve("typescript/bin/tsc");

let server: TestServer;
let files: Awaited<ReturnType<typeof createDirectory>>;
/** From which the packages of the suite are found, and which the compiler of this workspace does not look into. */
let directory = "";
let attic = "";
beforeAll(async () => {
  [server, files] = await Promise.all([startTestServer(), createDirectory()]);
  directory = await mkdtemp(join(CHECKOUT, "test", ".typegen-"));
  const { setup } = connect("admin", server);
  ({ channel_id: attic } = await setup.createChannel({
    name: "Thermo 1 (attic)",
    schema: { columns: { temperature: "float", "rel humidity": "optional[float]", note: "optional[str]" }, times: "exact" },
    columnInfo: { temperature: { unit: "Cel", description: "air, 2 m */ above ground" } },
    tags: { room: "attic", floor: 3 },
  }));
  const counter = { columns: { count: "int64" }, times: "exact" } as const;
  await setup.createChannel({ name: "thermo-1", schema: counter, tags: { room: "lab" } });
  await setup.createChannel({ name: "thermo 1", schema: counter, tags: { room: "lab" } });
  await setup.createChannel({ channelId: "6e8bc430-9c3a-4f5c-8d2e-2f1c9a7b4d10", schema: counter, tags: { floor: 3 } });
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await files[Symbol.asyncDispose]();
  await rm(directory, { recursive: true });
});

const TYPEGEN = [process.execPath, "client/dist/cli.js", "typegen"];

const EXIT_OUTDATED = 1;
const EXIT_USAGE = 64;
const EXIT_UNAVAILABLE = 69;

async function outcomeOf(command: readonly string[], environment: Record<string, string>) {
  await using child = run(command, environment);
  const { code } = await child.ended;
  return { code, stdout: child.stdout(), stderr: child.stderr() };
}

function typegen(args: readonly string[], environment: Record<string, string> = { KRONICLE_READER_KEY: KEYS.reader }) {
  return outcomeOf([...TYPEGEN, ...args], environment);
}

const ATTIC = `
/** Channel "Thermo 1 (attic)". */
export const thermo1Attic = defineChannel({
  /** Cel; air, 2 m *\\/ above ground */
  temperature: "float",
  "rel humidity": "optional[float]",
  note: "optional[str]",
});
`;

describe("kronicle typegen", () => {
  test("writes the definition of each channel, and of no other, as a formatter would leave it", async () => {
    const { code, stdout, stderr } = await typegen(["--url", server.url]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toContain(ATTIC);
    expect([...stdout.matchAll(/^export const (\w+) = /gm)].map(([, name]) => name)).toEqual([
      "channel6e8bc430",
      "thermo1Attic",
      expect.stringMatching(/^thermo1_[\da-f]{6}$/),
      expect.stringMatching(/^thermo1_[\da-f]{6}$/),
    ]);
    expect(await format(stdout, { parser: "typescript" })).toBe(stdout);
  });

  test("writes a module that compiles strictly, and whose definitions fit the channels", async () => {
    const { stdout } = await typegen(["--url", server.url, "--channel", attic, "--dates"]);
    await writeFile(join(directory, "channels.ts"), stdout);
    await writeFile(
      join(directory, "program.ts"),
      `import { createKronicle } from "@kronicle/client";
       import { thermo1Attic } from "./channels.ts";

       const { setup } = createKronicle({ baseUrl: "${server.url}", token: "${KEYS.admin}" });
       const channel = setup.channel("${attic}", thermo1Attic);
       await channel.append([{ time: new Date(0), temperature: 20.5, "rel humidity": 0.5 }]);
       const row = await channel.latest();
       const humidity: number | null | undefined = row?.["rel humidity"];
       console.log(row?.time.getTime(), row?.temperature, humidity, row?.note);`,
    );
    const options = [
      "--strict",
      "--noEmit",
      "--allowImportingTsExtensions",
      "--skipLibCheck",
      "--types",
      "node",
      "--target",
      "es2022",
      "--module",
      "nodenext",
    ];
    await using compiler = run([process.execPath, TSC, ...options, join(directory, "program.ts")], {});
    const { code } = await compiler.ended;
    expect({ code, output: compiler.stdout() }).toEqual({ code: 0, output: "" });

    await using program = run([process.execPath, join(directory, "program.ts")], {});
    await program.ended;
    expect({ stdout: program.stdout(), stderr: program.stderr() }).toEqual({ stdout: "0 20.5 0.5 null\n", stderr: "" });
  });

  test.each([
    { args: ["--name", "thermo-1"], titles: ['"thermo-1"'] },
    { args: ["--name", "thermo-1", "--name", "thermo 1"], titles: ['"thermo 1"', '"thermo-1"'] },
    { args: ["--tag", "room:lab"], titles: ['"thermo 1"', '"thermo-1"'] },
    { args: ["--tag", "floor"], titles: ['"Thermo 1 (attic)"', "6e8bc430-9c3a-4f5c-8d2e-2f1c9a7b4d10"] },
    { args: ["--tag", "floor:3", "--tag", "room:attic"], titles: ['"Thermo 1 (attic)"'] },
    { args: ["--channel", "6e8bc430-9c3a-4f5c-8d2e-2f1c9a7b4d10"], titles: ["6e8bc430-9c3a-4f5c-8d2e-2f1c9a7b4d10"] },
    { args: ["--name", "thermo-1", "--tag", "room:attic"], titles: ['"Thermo 1 (attic)"', '"thermo-1"'] },
  ])("takes the channels that $args names", async ({ args, titles }) => {
    const { code, stdout } = await typegen(["--url", server.url, ...args]);
    expect(code).toBe(0);
    expect([...stdout.matchAll(/^\/\*\* Channel (.*)\. \*\/$/gm)].map(([, title]) => title).sort()).toEqual(titles.toSorted());
  });

  test("takes a file as the service lists channels, without asking the service", async () => {
    const file = join(files.path, "channels.json");
    const { channels } = await connect("reader", server).reader.listChannels().page();
    await writeFile(file, JSON.stringify(channels));
    expect(await typegen(["--from", file], {})).toEqual(await typegen(["--url", server.url]));
  });

  test("takes a file that defines one channel, as it is sent to create it", async () => {
    const file = join(files.path, "channel.json");
    await writeFile(file, '{ "name": "new", "channel_schema": { "value": "optional[double precision]" } }');
    const { stdout } = await typegen(["--from", file], {});
    expect(stdout).toContain('export const newChannel = defineChannel({\n  value: "optional[double precision]",\n});\n');
  });

  test("is a command of the server too", async () => {
    const args = ["--url", server.url, "--name", "thermo-1"];
    expect(await outcomeOf([...CLI, "typegen", ...args], { KRONICLE_READER_KEY: KEYS.reader })).toEqual(await typegen(args));
  });

  test("fails with --check until the file is what the channels are, and leaves it alone", async () => {
    const file = join(files.path, "definitions.ts");
    const args = ["--url", server.url, "--name", "Thermo 1 (attic)", "--out", file];
    expect(await typegen([...args, "--check"])).toMatchObject({
      code: EXIT_OUTDATED,
      stdout: "",
      stderr: expect.stringContaining(file),
    });

    expect(await typegen(args)).toEqual({ code: 0, stdout: `${file}: 1 channel\n`, stderr: "" });
    expect(await typegen([...args, "--check"])).toEqual({ code: 0, stdout: "", stderr: "" });

    await writeFile(file, `${await readFile(file, "utf8")} `);
    expect(await typegen([...args, "--check"])).toMatchObject({ code: EXIT_OUTDATED, stdout: "" });
    expect(await readFile(file, "utf8")).toMatch(/ $/);
  });
});

describe("kronicle typegen, asked for what it cannot do", () => {
  const refusals = [
    { what: "no key", args: [], env: {}, words: "Set KRONICLE_READER_KEY" },
    {
      what: "a key of nobody",
      args: [],
      env: { KRONICLE_READER_KEY: "x".repeat(40) },
      words: "credential",
      exit: EXIT_UNAVAILABLE,
    },
    { what: "a name of no channel", args: ["--name", "nothing"], words: 'There is no channel named "nothing"' },
    {
      what: "an id of no channel",
      args: ["--channel", crypto.randomUUID()],
      words: "No channel has the id",
      exit: EXIT_UNAVAILABLE,
    },
    { what: "an id that is none", args: ["--channel", "thermo-1"], words: "UUID" },
    { what: "tags of no channel", args: ["--tag", "room:cellar"], words: "There is no such channel" },
    {
      what: "a service that is not there",
      args: ["--url", "http://127.0.0.1:9"],
      words: "got no answer",
      exit: EXIT_UNAVAILABLE,
    },
    { what: "an unknown option", args: ["--verbose"], words: "--verbose" },
    { what: "--check without a file", args: ["--check"], words: "--check needs --out" },
    { what: "a file and a service", args: ["--from", "channels.json"], words: "--from takes all channels of its file" },
  ];
  test.each(refusals)(
    "refuses $what with a sentence",
    async ({ args, env = { KRONICLE_READER_KEY: KEYS.reader }, words, exit = EXIT_USAGE }) => {
      const { code, stdout, stderr } = await typegen(["--url", server.url, ...args], env);
      expect({ code, stdout }).toEqual({ code: exit, stdout: "" });
      expect(stderr).toContain(words);
      expect(stderr).not.toMatch(/^ +at /m);
      expect(stderr).not.toContain(KEYS.reader);
    },
  );

  test.each([
    { text: "{", words: "is not JSON" },
    { text: "[1]", words: "Channel 1 of" },
    { text: '{ "channel_schema": { "a": "float" } }', words: "neither a name nor a channel_id" },
    { text: '{ "name": "a" }', words: "channel_schema has to be an object" },
    { text: '{ "name": "a", "channel_schema": { "b": 1 } }', words: "channel_schema.b has to be text" },
    { text: '{ "name": "a", "channel_schema": { "b": "float32" } }', words: 'of the type "float32"' },
    { text: '{ "name": "a", "channel_schema": { "__proto__": "float" } }', words: "a name that no channel can have" },
    {
      text: '[{ "name": "a", "channel_schema": { "b": "int" } }, { "name": "a", "channel_schema": { "b": "int" } }]',
      words: "two channels with the name a",
    },
  ])("refuses a file with $text", async ({ text, words }) => {
    const file = join(files.path, "bad.json");
    await writeFile(file, text);
    const { code, stderr } = await typegen(["--from", file], {});
    expect(code).toBe(EXIT_USAGE);
    expect(stderr).toContain(words);
    expect(stderr).not.toMatch(/^ +at /m);
  });
});
