import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { parse } from "yaml";

test("the contract and the packages have one version, which is what a release tag says", async () => {
  const manifests = await Promise.all(["openapi", "client", "server"].map((name) => readFile(`${name}/package.json`, "utf8")));
  const versions = manifests.map((text): unknown => JSON.parse(text).version);
  const contract = parse(await readFile("openapi/openapi.yaml", "utf8"));
  expect(new Set([...versions, contract.info.version])).toEqual(new Set([contract.info.version]));
});
