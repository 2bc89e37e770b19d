import { readFile } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { isNative } from "../support/database.ts";
import { INSTALLED } from "../runtimes/installed.ts";
import { createDirectory } from "../support/directory.ts";
import { createProject, pack, type Project, TSC } from "./empty-project.ts";

const INSTALL_TIMEOUT_MS = 300_000;

/** Writes and reads, with the words of JavaScript alone. */
const PROGRAM = `
  import { createKronicle, defineChannel } from "@kronicle/client";

  const thermometer = defineChannel({ temperature: "float", count: "int64", note: "optional[str]" });
  const kronicle = createKronicle({ baseUrl: process.env.KRONICLE, token: process.env.WRITER_KEY });
  const rows = [{ time: "2024-03-01T00:00:00.000001Z", temperature: 20.5, count: 9007199254740993n }];
  const { channel_id } = await kronicle.writer.upsertChannel({ name: "thermo-1", schema: thermometer, rows });
  for await (const { time, temperature, count, note } of kronicle.reader.channel(channel_id, thermometer).rows()) {
    console.log(time, temperature, String(count), note);
  }
`;

/** Is typed in each line, and starts a server of its own. */
const TYPED_PROGRAM = `
  import { createKronicle, createReader, defineChannel, isApiError, type Kronicle, type NewRow } from "@kronicle/client";
  import { readCondition } from "@kronicle/client/filter-grammar";
  import { startKronicle, type TestKronicle } from "@kronicle/client/testing";
  import { startKronicle as start, type KronicleServer } from "@kronicle/server";
  import type { operations } from "@kronicle/openapi";

  const thermometer = defineChannel({ temperature: "float", note: "optional[str]" }, { times: "date" });
  const rows: NewRow<typeof thermometer>[] = [{ time: new Date(0), temperature: 20.5 }];

  await using server: TestKronicle = await startKronicle();
  const kronicle: Kronicle = createKronicle({ baseUrl: server.url, token: server.keys.writer });
  const { channel_id } = await kronicle.writer.upsertChannel({ name: "thermo-1", schema: thermometer, rows });

  const reader = createReader({ baseUrl: server.url, token: server.keys.reader });
  const row = await reader.channel(channel_id, thermometer).latest();
  const year: number | undefined = row?.time.getUTCFullYear();
  // @ts-expect-error the definition has no such column
  console.log(year, row?.humidity);

  const refused: unknown = await reader.channel(crypto.randomUUID(), thermometer).get().catch((error: unknown) => error);
  type Code = operations["getChannel"]["responses"][404]["content"]["application/problem+json"]["code"];
  const code: Code = "channel_not_found";
  console.log(isApiError(refused, "channel_not_found"), code, readCondition("min[a]", "1"));

  const other: KronicleServer = await start({ KRONICLE_PORT: "0", KRONICLE_DATA_DIR: ":memory:", KRONICLE_LOG_LEVEL: "silent" });
  await other.stop();
`;

/** CommonJS, as a compiler makes it of TypeScript, or a person writes it. */
const COMMON_JS_PROGRAM = `
  const { createKronicle, defineChannel, NetworkError } = require("@kronicle/client");
  const { createRawClient } = require("@kronicle/client/raw");
  const { startKronicle } = require("@kronicle/client/testing");

  const { reader } = createKronicle({ baseUrl: "http://127.0.0.1:9", token: "x", retries: 0 });
  const channel = reader.channel("6e8bc430-9c3a-4f5c-8d2e-2f1c9a7b4d10", defineChannel({ temperature: "float" }));
  channel.latest().catch((error) => {
    console.log(error instanceof NetworkError, typeof createRawClient, typeof startKronicle);
  });
`;

/** Each Node that is there, and is one that the packages name. */
const NODES = [
  ["Node 20", INSTALLED.node20],
  ["Node 22", INSTALLED.node22],
  ["Node 24", process.execPath],
] as const;

async function outcomeOf(project: Project, line: string, environment: Record<string, string> = {}) {
  await using child = project.run(line, environment);
  const { code } = await child.ended;
  return { code, stdout: child.stdout(), stderr: child.stderr() };
}

let tarballs: Awaited<ReturnType<typeof createDirectory>>;
let files: { readonly openapi: string; readonly client: string; readonly server: string };
beforeAll(async () => {
  tarballs = await createDirectory();
  const [openapi, client, server] = [
    await pack("openapi", tarballs.path),
    await pack("client", tarballs.path),
    await pack("server", tarballs.path),
  ];
  files = { openapi, client, server };
}, INSTALL_TIMEOUT_MS);
afterAll(() => tarballs[Symbol.asyncDispose]());

// They bring their own database, and are the same whatever the suite runs on.
describe.skipIf(isNative)("the three packages, packed and installed in an empty project", () => {
  let project: Project;
  beforeAll(async () => {
    project = await createProject([files.openapi, files.client, files.server]);
  }, INSTALL_TIMEOUT_MS);
  afterAll(() => project[Symbol.asyncDispose]());

  test("start a server, with its contract and its pages, that the client writes to and reads from", async () => {
    const environment = {
      KRONICLE_PORT: "0",
      KRONICLE_DATA_DIR: ":memory:",
      KRONICLE_WRITER_KEY: "writer-key-for-tests-000000000000000",
    };
    // Started through npx, which passes no signal on to what it started.
    await using server = project.run("exec node_modules/.bin/kronicle start", environment);
    const [, url = ""] = await server.waitFor("stdout", /^Kronicle listens on (http:\/\/\S+)\n/m);

    await project.write("program.js", PROGRAM);
    const outcome = await outcomeOf(project, "node program.js", {
      KRONICLE: url,
      WRITER_KEY: environment.KRONICLE_WRITER_KEY,
    });
    expect(outcome).toEqual({ code: 0, stdout: "2024-03-01T00:00:00.000001Z 20.5 9007199254740993 null\n", stderr: "" });

    const contract = await fetch(`${url}/openapi.yaml`);
    expect(await contract.text()).toBe(await readFile("openapi/openapi.yaml", "utf8"));
    for (const page of ["/docs", "/docs/swagger-ui.js", "/docs/swagger-ui.css", "/docs/docs.js", "/docs/icon.svg"]) {
      expect({ page, status: (await fetch(url + page)).status }).toEqual({ page, status: 200 });
    }
    expect(await server.end("SIGTERM")).toEqual({ code: 0, signal: null });
  });

  test("have a command that knows the words of both, whichever of them it comes from", async () => {
    for (const command of [
      "npx kronicle",
      "node node_modules/@kronicle/client/dist/cli.js",
      "node node_modules/@kronicle/server/dist/cli.js",
    ]) {
      const help = await outcomeOf(project, `${command} --help`);
      expect({ command, ...help }).toMatchObject({
        code: 0,
        stdout: expect.stringContaining("users"),
        stderr: "",
      });
      const typegen = await outcomeOf(project, `${command} typegen --help`);
      expect({ command, ...typegen }).toMatchObject({ code: 0, stdout: expect.stringContaining("--check"), stderr: "" });
    }
  });

  test.skipIf(INSTALLED.node20 === null)(
    "have a command that makes definitions on Node 20, and says that the server needs more (skipped where `npm run runtimes` has not run)",
    async () => {
      for (const bin of ["@kronicle/client/dist/cli.js", "@kronicle/server/dist/cli.js"]) {
        const command = `${INSTALLED.node20} node_modules/${bin}`;
        await project.write("channels.json", '{ "name": "thermo-1", "channel_schema": { "temperature": "float" } }');
        const made = await outcomeOf(project, `${command} typegen --from channels.json`);
        expect(made).toMatchObject({ code: 0, stdout: expect.stringContaining("export const thermo1 ="), stderr: "" });
        const start = await outcomeOf(project, `${command} start`);
        expect(start).toMatchObject({ code: 78, stdout: "" });
        expect(start.stderr).toMatch(
          /^kronicle needs Node 24 or newer; this is Node 20\.\d+\.\d+\. Only import, export, ls, typegen do with less\.\n$/,
        );
      }
    },
  );

  test("are typed as strictly as a compiler can ask for, and do what they are typed as", async () => {
    await project.write("typed.ts", TYPED_PROGRAM);
    // Without skipLibCheck, so that the declarations themselves are checked; those of Node do not come with the packages.
    const options = "--strict --exactOptionalPropertyTypes --noUncheckedIndexedAccess --noEmit --target es2022 --module nodenext";
    expect(await outcomeOf(project, `${TSC} ${options} --lib es2022,dom typed.ts`)).toEqual({ code: 0, stdout: "", stderr: "" });

    const { code, stdout, stderr } = await outcomeOf(project, "node typed.ts");
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toBe("1970 undefined\ntrue channel_not_found { operator: 'min', column: 'a', value: '1' }\n");
  });

  test("need no package that runs something when it is installed", async () => {
    const { packages } = JSON.parse(await readFile(`${project.directory}/package-lock.json`, "utf8"));
    const scripted = Object.entries(packages).filter(([, entry]) => Object.hasOwn(Object(entry), "hasInstallScript"));
    expect(scripted.map(([path]) => path)).toEqual([]);
  });
});

describe.skipIf(isNative)("the client, packed and installed alone", () => {
  let project: Project;
  beforeAll(async () => {
    project = await createProject([files.client]);
  }, INSTALL_TIMEOUT_MS);
  afterAll(() => project[Symbol.asyncDispose]());

  test("brings openapi-fetch with what that needs, and what its command reads CSV with, and nothing else", async () => {
    const { packages } = JSON.parse(await readFile(`${project.directory}/package-lock.json`, "utf8"));
    expect(
      Object.keys(packages)
        .filter((path) => path !== "")
        .sort(),
    ).toEqual([
      "node_modules/@kronicle/client",
      "node_modules/csv-parse",
      "node_modules/openapi-fetch",
      "node_modules/openapi-typescript-helpers",
    ]);
  });

  test.each(NODES.filter(([, node]) => node !== null))("is loaded by CommonJS in %s", async (_name, node) => {
    await project.write("program.cjs", COMMON_JS_PROGRAM);
    expect(await outcomeOf(project, `${node} program.cjs`)).toEqual({ code: 0, stdout: "true function function\n", stderr: "" });
  });

  test.each([
    ["node10", "commonjs"],
    ["bundler", "preserve"],
    ["nodenext", "nodenext"],
  ])("is found with its types where moduleResolution is %s", async (resolution, module) => {
    const text = ["", "/raw", "/testing", "/filter-grammar"]
      .map((entry, index) => `import * as part${index} from "@kronicle/client${entry}";`)
      .concat('import type { paths } from "@kronicle/client/contract-types";')
      .concat("export const parts = [part0.createKronicle, part1.createRawClient, part2.startKronicle, part3.readCondition];")
      .concat('export type Operations = paths["/health/live"]["get"];');
    await project.write("types.ts", text.join("\n"));
    const options = `--strict --noEmit --target es2022 --lib es2022,dom --module ${module} --moduleResolution ${resolution}`;
    expect(await outcomeOf(project, `${TSC} ${options} types.ts`)).toEqual({ code: 0, stdout: "", stderr: "" });
  });

  test("says which package is missing when a server for tests is to start", async () => {
    await project.write("start.js", 'import { startKronicle } from "@kronicle/client/testing";\nawait startKronicle();\n');
    const { code, stderr } = await outcomeOf(project, "node start.js");
    expect(code).toBe(1);
    expect(stderr).toContain("Error: @kronicle/server is not installed: npm install --save-dev @kronicle/server");
  });

  test("has a command of its own words, and says what it takes to start a server", async () => {
    const help = await outcomeOf(project, "npx kronicle --help");
    expect(help).toMatchObject({ code: 0, stdout: expect.stringContaining("kronicle typegen"), stderr: "" });
    for (const command of ["import", "export", "ls"]) {
      const own = await outcomeOf(project, `npx kronicle ${command} --help`);
      expect(own).toMatchObject({ code: 0, stdout: expect.stringContaining(`kronicle ${command}`), stderr: "" });
    }
    const start = await outcomeOf(project, "npx kronicle start");
    expect(start).toMatchObject({ code: 64, stdout: "", stderr: expect.stringContaining("npm install @kronicle/server") });
  });
});
