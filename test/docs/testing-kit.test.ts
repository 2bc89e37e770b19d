import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { isNative } from "../support/database.ts";
import { readBlocks } from "../support/documents/markdown.ts";
import { outcomeOf } from "../support/process.ts";

const TESTS = new URL("../", import.meta.url).pathname;

let directory = "";
beforeAll(async () => {
  // From here the packages of the suite are found.
  directory = await mkdtemp(join(TESTS, ".testing-kit-"));
});
afterAll(() => rm(directory, { recursive: true }));

async function readBlock(page: string, language: string): Promise<string> {
  const [block, ...others] = (await readBlocks(page)).filter((candidate) => candidate.language === language);
  expect(others).toEqual([]);
  return block?.text ?? "";
}

// Both start a server on a database of its own, and are the same whatever the suite runs on.
describe.skipIf(isNative)("docs/testing-kit.md", () => {
  test("has an example for node --test that passes", async () => {
    const file = join(directory, "thermometer.test.js");
    await writeFile(file, await readBlock("docs/testing-kit.md", "js"));
    const { code, stdout } = await outcomeOf([process.execPath, "--test", "--test-reporter=tap", file]);
    expect(stdout).toContain("# pass 2\n# fail 0\n");
    expect(code).toBe(0);
  });

  test("has an example for Vitest that passes, with the time that Vitest gives by itself", async () => {
    await writeFile(join(directory, "thermometer.test.ts"), await readBlock("docs/testing-kit.md", "ts"));
    const { code, stdout } = await outcomeOf([
      process.execPath,
      "node_modules/vitest/vitest.mjs",
      "run",
      "--root",
      directory,
      "--reporter=tap-flat",
      "thermometer.test.ts",
    ]);
    expect(stdout).toMatch(/^1\.\.1\nok 1 - .*a reader's key cannot write/m);
    expect(code).toBe(0);
  });
});

describe.skipIf(isNative)("server/README.md", () => {
  // That it compiles against the declarations which are published is seen in test/packages/.
  test("has an example that starts a server and stops it", async () => {
    const file = join(directory, "server.ts");
    await writeFile(file, await readBlock("server/README.md", "ts"));
    const { code, stdout } = await outcomeOf([process.execPath, file]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^http:\/\/127\.0\.0\.1:\d+\n$/);
  });
});
