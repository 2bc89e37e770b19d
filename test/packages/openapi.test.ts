import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { Ajv2020 } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { z } from "zod";

const source = fileURLToPath(new URL("../../openapi/", import.meta.url));
const installation = mkdtempSync(join(tmpdir(), "kronicle-openapi-"));
const installed = join(installation, "node_modules/@kronicle/openapi");
const { resolve } = createRequire(pathToFileURL(join(installation, "index.js")));

/** As an application that depends on the package would find it. */
function read(name: string): unknown {
  return JSON.parse(readFileSync(resolve(`@kronicle/openapi/${name}`), "utf8"));
}

function compile(name: string) {
  const ajv = new Ajv2020({ strict: false });
  addFormats.default(ajv);
  return ajv.compile(z.record(z.string(), z.unknown()).parse(read(`schemas/${name}.json`)));
}

beforeAll(() => {
  execFileSync(process.execPath, [join(source, "build.ts")]);
  const options = ["pack", "--silent", "--offline", "--ignore-scripts", "--pack-destination", installation];
  const tarball = execFileSync("npm", options, { cwd: source, encoding: "utf8" }).trim();
  mkdirSync(installed, { recursive: true });
  execFileSync("tar", ["-xzf", join(installation, tarball), "-C", installed, "--strip-components=1"]);
  writeFileSync(join(installation, "package.json"), '{ "type": "module" }');
});
afterAll(() => rmSync(installation, { recursive: true, force: true }));

describe("the packed package", () => {
  test("holds the contract as YAML and as JSON", () => {
    const yaml = readFileSync(resolve("@kronicle/openapi/openapi.yaml"), "utf8");
    expect(yaml).toBe(readFileSync(join(source, "openapi.yaml"), "utf8"));
    expect(read("openapi.json")).toEqual(parse(yaml));
  });

  test.each([
    ["ThermometerUpsert", "ChannelUpsert"],
    ["Thermometer", "Channel"],
    ["Readings", "RowsAppend"],
    ["RowInvalid", "Problem"],
  ])("holds the example %s, which its schema %s allows", (example, schema) => {
    const validate = compile(schema);
    validate(read(`examples/${example}.json`));
    expect(validate.errors).toBeNull();
  });

  test.each([
    ["a misspelt field", { name: "a", chanel_schema: { a: "float" } }],
    ["an unknown column type", { name: "a", channel_schema: { a: "float32" } }],
    ["a channel that is not named", { channel_schema: { a: "float" } }],
  ])("refuses %s, before a server has to", (_fault, body) => {
    expect(compile("ChannelUpsert")(body)).toBe(false);
  });

  test("has only schemas that need no other file", () => {
    const names = readdirSync(join(installed, "dist/schemas")).map((file) => file.replace(".json", ""));
    expect(names).toContain("WriteResult");
    expect(() => names.map(compile)).not.toThrow();
  });

  test("holds the types of the contract", () => {
    expect(readFileSync(join(installed, "dist/schema.d.ts"), "utf8")).toContain("export interface operations");
  });
});
