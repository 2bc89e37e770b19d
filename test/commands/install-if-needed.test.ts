import { copyFile, mkdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createDirectory } from "../support/directory.ts";
import { outcomeOf } from "../support/process.ts";

const SCRIPT = ".ci/install-if-needed";
const MANIFESTS = ["package.json", "pnpm-workspace.yaml", "server/package.json", "client/examples/package.json"];

/** Does what pnpm does, as far as the script looks at it, and counts how often. */
const INSTALL = `
  mkdir -p node_modules/.bin node_modules/.pnpm server/node_modules client/node_modules test/node_modules
  ln -sf "$(command -v node)" node_modules/.bin/node
  cp pnpm-lock.yaml node_modules/.pnpm/lock.yaml
  echo >>installs
`;

let checkout: Awaited<ReturnType<typeof createDirectory>>;
beforeEach(async () => {
  checkout = await createDirectory();
  for (const file of [SCRIPT, "pnpm-lock.yaml", ...MANIFESTS]) await write(file, `the first ${file}`);
  await copyFile(new URL(`../../${SCRIPT}`, import.meta.url), at(SCRIPT));
});
afterEach(() => checkout[Symbol.asyncDispose]());

const at = (path: string) => join(checkout.path, path);

async function write(path: string, text: string): Promise<void> {
  await mkdir(dirname(at(path)), { recursive: true });
  await writeFile(at(path), text);
}

async function setUp(install = INSTALL) {
  const { code } = await outcomeOf(["sh", at(SCRIPT), "sh", "-ec", install]);
  return code;
}

const installs = async () => (await readFile(at("installs"), "utf8")).length;

describe("a checkout", () => {
  test("is installed once, as long as nothing changes", async () => {
    expect([await setUp(), await setUp(), await setUp()]).toEqual([0, 0, 0]);
    expect(await installs()).toBe(1);
  });

  test.each(["pnpm-lock.yaml", ...MANIFESTS])("is installed anew when %s has changed", async (file) => {
    await setUp();
    await write(file, "another");
    await setUp();
    await setUp();
    expect(await installs()).toBe(2);
  });

  test.each([
    "node_modules",
    "node_modules/.bin/node",
    "node_modules/.pnpm/lock.yaml",
    "server/node_modules",
    "test/node_modules",
  ])("is installed anew when %s is gone", async (path) => {
    await setUp();
    await rm(at(path), { recursive: true });
    await setUp();
    await setUp();
    expect(await installs()).toBe(2);
  });

  test("is installed anew when its Node leads nowhere", async () => {
    await setUp();
    await rm(at("node_modules/.bin/node"));
    await symlink(at("nowhere"), at("node_modules/.bin/node"));
    await setUp();
    expect(await installs()).toBe(2);
  });

  test("is installed anew when something else was installed by hand since", async () => {
    await setUp();
    await write("node_modules/.pnpm/lock.yaml", "of another branch");
    await setUp();
    expect(await installs()).toBe(2);
  });

  test("is installed anew after an install that did not come to its end, and fails as it did", async () => {
    await setUp();
    await write("pnpm-lock.yaml", "another");
    // All is there by then but the end.
    expect(await setUp(`${INSTALL}\nexit 3`)).toBe(3);
    expect(await setUp()).toBe(0);
    expect(await setUp()).toBe(0);
    expect(await installs()).toBe(3);
  });
});
