import { access, readFile } from "node:fs/promises";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";

/** Where the packages say that their source is. */
const REPOSITORY = "https://github.com/kronicle/kronicle";

test("the contract and the packages have one version, which is what a release tag says", async () => {
  const manifests = await Promise.all(["openapi", "client", "server"].map((name) => readFile(`${name}/package.json`, "utf8")));
  const versions = manifests.map((text): unknown => JSON.parse(text).version);
  const contract = parse(await readFile("openapi/openapi.yaml", "utf8"));
  expect(new Set([...versions, contract.info.version])).toEqual(new Set([contract.info.version]));
});

describe.each(["openapi", "client", "server"])("the package %s", (name) => {
  const directory = `${name}/`;

  test("names the repository, and its place there", async () => {
    const { repository } = JSON.parse(await readFile(`${directory}package.json`, "utf8"));
    expect(repository).toEqual({ type: "git", url: `git+${REPOSITORY}.git`, directory: name });
  });

  test("has a README whose links lead somewhere from wherever it is shown", async () => {
    const text = await readFile(`${directory}README.md`, "utf8");
    const links = [...text.matchAll(/\]\(([^)\s]+)\)/g)].map(([, link = ""]) => link).filter((link) => !link.startsWith("#"));
    expect(links.filter((link) => !link.startsWith("https://"))).toEqual([]);
    const ours = links.filter((link) => link.startsWith(REPOSITORY)).map((link) => link.replace(`${REPOSITORY}/blob/main/`, ""));
    for (const path of ours) await expect(access(path.replace(/#.*/, ""))).resolves.toBeUndefined();
  });
});
