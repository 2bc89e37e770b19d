/** In charge of projects outside the workspace that install the packages as they would be published. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import manifest from "../../package.json" with { type: "json" };
import { type Environment, run, type RunningProcess } from "../support/process.ts";

const CHECKOUT = new URL("../..", import.meta.url).pathname;
const PNPM = `pnpm@${manifest.engines.pnpm}`;
/** What npm runs is to be the Node of the workspace, whatever the host has. */
const PATH = [dirname(process.execPath), process.env["PATH"]].join(delimiter);
const DAY_MS = 86_400_000;

/** What asks the registry needs what the shell knows of it: its address, a proxy. */
const SHELL = Object.fromEntries(Object.entries(process.env).map(([name, value = ""]) => [name, value]));

export type PackageName = "openapi" | "client" | "server";

export type Project = AsyncDisposable & {
  readonly directory: string;
  readonly write: (file: string, text: string) => Promise<void>;
  /** Runs a line of shell there. */
  readonly run: (line: string, environment?: Environment) => RunningProcess;
};

/** Packs what `npm run build` has made, and returns the path of the file. */
export async function pack(name: PackageName, destination: string): Promise<string> {
  const options = `--config.ignore-scripts=true --json --pack-destination ${destination}`;
  await using command = run(["sh", "-c", `cd ${name} && npx -y ${PNPM} pack ${options}`], { ...SHELL, PATH });
  const { code } = await command.ended;
  if (code !== 0) throw new Error(`${name} could not be packed:\n${command.stdout()}${command.stderr()}`);
  return JSON.parse(command.stdout()).filename;
}

/** Nothing is run at the installation, and nothing that it needs from the registry is younger than a day. */
export async function createProject(tarballs: readonly string[]): Promise<Project> {
  const directory = await mkdtemp(join(tmpdir(), "kronicle-project-"));
  const project: Project = {
    directory,
    write: (file, text) => writeFile(join(directory, file), text),
    run: (line, environment = {}) => run(["sh", "-c", `cd ${directory} && ${line}`], { ...environment, PATH }),
    [Symbol.asyncDispose]: () => rm(directory, { recursive: true }),
  };
  await project.write("package.json", '{ "private": true, "type": "module" }');
  const yesterday = new Date(Date.now() - DAY_MS).toISOString();
  const options = `--ignore-scripts --no-audit --no-fund --prefer-offline --before=${yesterday}`;
  await using command = project.run(`npm install ${options} ${tarballs.join(" ")}`, SHELL);
  const { code } = await command.ended;
  if (code !== 0) throw new Error(`The packages could not be installed:\n${command.stdout()}${command.stderr()}`);
  return project;
}

/** The compiler of the workspace, for a project that has none. */
export const TSC = `node ${createRequire(join(CHECKOUT, "package.json")).resolve("typescript/bin/tsc")}`;
