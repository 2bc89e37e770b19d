import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { expect } from "vitest";
import { type Environment, outcomeOf } from "../process.ts";

const SUITE = new URL("../../", import.meta.url).pathname;
const TSC = createRequire(join(SUITE, "package.json")).resolve("typescript/bin/tsc");

type Options = {
  /** Default: true. */
  readonly isChecked?: boolean;
};

/** Compiles a program as strictly as readers of the documentation may, and runs it; both see the packages that the tests see. */
export async function runTypeScript(text: string, environment: Environment, { isChecked = true }: Options = {}) {
  // Node strips no types in node_modules, and the compiler of this workspace looks into no directory whose name starts with a dot.
  const directory = await mkdtemp(join(SUITE, ".program-"));
  try {
    const file = join(directory, "example.ts");
    await writeFile(file, text);
    if (isChecked) await check(file);
    return await outcomeOf([process.execPath, file], environment);
  } finally {
    await rm(directory, { recursive: true });
  }
}

async function check(file: string): Promise<void> {
  const options = ["--strict", "--noEmit", "--skipLibCheck", "--types", "node", "--target", "es2022", "--module", "nodenext"];
  expect(await outcomeOf([process.execPath, TSC, ...options, file])).toEqual({ code: 0, stdout: "", stderr: "" });
}
