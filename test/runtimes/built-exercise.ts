/** In charge of the exercise as JavaScript, in the forms in which runtimes take programs. */
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import ts from "typescript";
import { build, type InlineConfig } from "vite";

const HERE = new URL(".", import.meta.url).pathname;

const MAIN = `
import { exercise } from "./exercise.mjs";
const [, , baseUrl, token, name] = process.argv;
console.log(await exercise({ baseUrl, token, name }));
`;

type Modules = AsyncDisposable & { readonly main: string };

/** As modules that import the client from node_modules, for runtimes with a file system. */
export async function writeModules(): Promise<Modules> {
  const directory = await mkdtemp(join(HERE, ".modules-"));
  const { outputText } = ts.transpileModule(await readFile(join(HERE, "exercise.ts"), "utf8"), {
    compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ES2022 },
  });
  await writeFile(join(directory, "exercise.mjs"), outputText);
  const main = join(directory, "main.mjs");
  await writeFile(main, MAIN);
  return { main, [Symbol.asyncDispose]: () => rm(directory, { recursive: true }) };
}

/** In one file with the client: as a module, or as a script that leaves `exercise` in the variable `program`. */
export async function bundle(entry: "exercise.ts" | "worker.ts", format: "es" | "iife"): Promise<string> {
  const lib = { entry, formats: [format], name: "program", fileName: "program" };
  const config: InlineConfig = { root: HERE, configFile: false, logLevel: "warn", build: { lib, write: false } };
  const outputs = [await build(config)].flat();
  const chunks = outputs.flatMap((result) => ("output" in result ? result.output : []));
  const [chunk, ...others] = chunks;
  if (chunk?.type !== "chunk" || others.length > 0) throw new Error("the bundle is more than one script");
  return chunk.code;
}
