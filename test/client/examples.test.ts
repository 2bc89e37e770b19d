import { glob, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { run } from "../support/process.ts";

const CHECKOUT = new URL("../..", import.meta.url).pathname;
const TSC = createRequire(join(CHECKOUT, "package.json")).resolve("typescript/bin/tsc");
const EXAMPLE = /^ *\* ```ts\n(.*?)^ *\* ```$/gms;

/** A directory from which the packages of the suite are found, and which the compiler of this workspace does not look into. */
let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(CHECKOUT, "test", ".examples-"));
});
afterAll(() => rm(directory, { recursive: true }));

/** The code of each example in the comments of the client, by the name of a file for it. */
async function readExamples(): Promise<Map<string, string>> {
  const examples = new Map<string, string>();
  for await (const path of glob("client/src/**/*.ts", { cwd: CHECKOUT })) {
    const source = await readFile(join(CHECKOUT, path), "utf8");
    for (const [index, [, comment = ""]] of [...source.matchAll(EXAMPLE)].entries()) {
      examples.set(`${path.replaceAll(/[/.]/g, "-")}-${index + 1}.ts`, comment.replaceAll(/^ *\* ?/gm, ""));
    }
  }
  return examples;
}

describe("the examples in the comments of the client", () => {
  test("compile, each by itself, against the built client", async () => {
    const examples = await readExamples();
    expect(examples.size).toBeGreaterThan(20);
    for (const [name, text] of examples) await writeFile(join(directory, name), text);

    const options = ["--strict", "--noEmit", "--skipLibCheck", "--types", "node", "--target", "es2022", "--module", "nodenext"];
    const files = [...examples.keys()].map((name) => join(directory, name));
    await using compiler = run([process.execPath, TSC, ...options, ...files], {});
    const { code } = await compiler.ended;
    expect({ code, output: compiler.stdout() }).toEqual({ code: 0, output: "" });
  });

  test("are there for everything that is exported", async () => {
    const index = await readFile(join(CHECKOUT, "client/src/index.ts"), "utf8");
    const further = ["raw", "testing"].map(async (entry) => {
      const text = await readFile(join(CHECKOUT, `client/src/${entry}/index.ts`), "utf8");
      return text.replaceAll('"./', `"./${entry}/`);
    });
    const exported = [index, ...(await Promise.all(further))].flatMap((text) =>
      [...text.matchAll(/^export .* from "\.\/(.*)\.ts";$/gm)].map(([, path = ""]) => path),
    );
    expect(exported.length).toBeGreaterThan(20);

    const examples = [...(await readExamples()).keys()].join("\n");
    const without = exported.filter((path) => !examples.includes(`client-src-${path.replaceAll("/", "-")}-ts-`));
    expect(without).toEqual([]);
  });
});
