import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { z } from "zod";

const CHECKOUT = new URL("../..", import.meta.url).pathname;

const lockfile = z
  .object({ packages: z.record(z.string(), z.object({ resolution: z.record(z.string(), z.unknown()) })) })
  .parse(parse(readFileSync(`${CHECKOUT}pnpm-lock.yaml`, "utf8")));
const packages = Object.entries(lockfile.packages).map(([id, { resolution }]) => {
  const at = id.lastIndexOf("@");
  return { name: id.slice(0, at), version: id.slice(at + 1), resolution };
});

/** Below these a known hole is open, whoever asks for the package. */
const FLOORS = [
  // CVE-2026-12590: a limit that is no number switches the limit off.
  ["body-parser", "2.3.0"],
  // CVE-2026-77078; express-openapi-validator asks for it.
  ["multer", "2.3.0"],
  // CVE-2026-4926
  ["path-to-regexp", "8.4.0"],
  ["ajv", "8.18.0"],
] as const;

/** Licences that ask for no more than to be named. */
const LICENCES = new Set([
  "Apache-2.0",
  "MIT",
  "ISC",
  "BSD-2-Clause",
  "BSD-3-Clause",
  "0BSD",
  "Python-2.0",
  "BlueOak-1.0.0",
  "Unlicense",
]);

/** Their manifests name a licence in a form that is no longer read; read by hand. */
const READ_BY_HAND = new Map([
  ["busboy", "MIT"],
  ["streamsearch", "MIT"],
]);

const licence = z.union([
  z.object({ license: z.object({ id: z.string() }) }).transform(({ license }) => license.id),
  z.object({ expression: z.string() }).transform(({ expression }) => expression),
]);
const bill = z.object({
  bomFormat: z.literal("CycloneDX"),
  metadata: z.object({ component: z.object({ group: z.string(), name: z.string(), type: z.string() }) }),
  components: z.array(
    z.object({ name: z.string(), group: z.string().default(""), version: z.string(), licenses: z.array(licence).default([]) }),
  ),
});

/** A choice of licences is fine when one of them is. */
function isFine(expression: string): boolean {
  return expression
    .replaceAll(/[()]/g, "")
    .split(" OR ")
    .some((id) => LICENCES.has(id));
}

describe("the lockfile", () => {
  test("holds more than a handful of packages", () => {
    expect(packages.length).toBeGreaterThan(200);
  });

  test("takes every package from the registry, by its hash", () => {
    const others = packages.filter(
      ({ resolution }) =>
        Object.keys(resolution).join() !== "integrity" || !String(resolution["integrity"]).startsWith("sha512-"),
    );
    expect(others).toEqual([]);
  });

  test.for(FLOORS)("has no %s older than %s", ([name, floor]) => {
    const versions = packages.filter((each) => each.name === name).map(({ version }) => version);
    expect(versions.length).toBeGreaterThan(0);
    expect(versions.filter((version) => version.localeCompare(floor, "en", { numeric: true }) < 0)).toEqual([]);
  });
});

describe("pnpm-workspace.yaml", () => {
  test("lets one package run an install script, and no version in on the day that it appears", () => {
    const { allowBuilds, ...settings } = z
      .looseObject({ allowBuilds: z.record(z.string(), z.boolean()) })
      .parse(parse(readFileSync(`${CHECKOUT}pnpm-workspace.yaml`, "utf8")));
    expect(allowBuilds).toEqual({ node: true });
    expect(settings).toMatchObject({ minimumReleaseAge: 1440, blockExoticSubdeps: true, trustPolicy: "no-downgrade" });
  });
});

describe("the bill of materials", () => {
  const { metadata, components } = bill.parse(
    JSON.parse(
      execFileSync("npm", ["run", "--silent", "sbom"], { cwd: CHECKOUT, encoding: "utf8", maxBuffer: 64 * 1024 * 1024 }),
    ),
  );

  test("is that of the server, with what it depends on and nothing that only develops it", () => {
    expect(metadata.component).toEqual({ group: "@kronicle", name: "server", type: "application" });
    const names = components.map(({ group, name }) => (group === "" ? name : `${group}/${name}`));
    expect(names).toEqual(expect.arrayContaining(["express", "slonik", "@kronicle/client", "@kronicle/openapi"]));
    for (const name of ["vitest", "typescript", "supertest", "playwright-core"]) expect(names).not.toContain(name);
  });

  test("names a licence for each, and none that binds who uses it", () => {
    const unfit = components.filter(({ name, licenses }) => {
      const found = licenses.length > 0 ? licenses : [READ_BY_HAND.get(name) ?? "none"];
      return !found.every(isFine);
    });
    expect(unfit).toEqual([]);
  });
});
