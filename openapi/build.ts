/** In charge of what the package offers beside the contract as it was written: made from it, into dist. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import openapiTS, { astToString } from "openapi-typescript";
import { parse } from "yaml";
import { z } from "zod";

const COMPONENT = "#/components/schemas/";

const contract = z.looseObject({
  info: z.looseObject({ version: z.string() }),
  components: z.looseObject({
    schemas: z.record(z.string(), z.unknown()),
    examples: z.record(z.string(), z.looseObject({ value: z.unknown() })),
  }),
});

const source = new URL("openapi.yaml", import.meta.url);
const dist = new URL("dist/", import.meta.url);

const yaml = readFileSync(source, "utf8");
const document = contract.parse(parse(yaml));
const { schemas, examples } = document.components;

rmSync(dist, { recursive: true, force: true });
for (const directory of ["schemas/", "examples/"]) mkdirSync(new URL(directory, dist), { recursive: true });

// The contract is one file already, so bundling it is copying it.
write("openapi.yaml", yaml);
write("openapi.json", toJson(document));
for (const name of Object.keys(schemas)) write(`schemas/${name}.json`, toJson(selfContained(name)));
for (const [name, { value }] of Object.entries(examples)) {
  if (typeof value === "string") write(`examples/${name}.txt`, value);
  else write(`examples/${name}.json`, toJson(value));
}
write("schema.d.ts", astToString(await openapiTS(source)));

/** A schema with all that it refers to in `$defs`, so that a validator needs no second file. */
function selfContained(name: string): Record<string, unknown> {
  const needed = new Set([name]);
  // A set hands out what is added while it is walked.
  for (const schema of needed) for (const reference of references(schemas[schema])) needed.add(reference);
  return {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    $id: `urn:kronicle:${document.info.version}:${name}`,
    $ref: `#/$defs/${name}`,
    $defs: Object.fromEntries([...needed].toSorted().map((key) => [key, localized(schemas[key])])),
  };
}

function references(value: unknown): string[] {
  return [...JSON.stringify(value).matchAll(/"\$ref":"#\/components\/schemas\/(\w+)"/g)].map(([, name = ""]) => name);
}

function localized(schema: unknown): unknown {
  return JSON.parse(JSON.stringify(schema).replaceAll(`"$ref":"${COMPONENT}`, '"$ref":"#/$defs/'));
}

function toJson(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

function write(path: string, text: string): void {
  writeFileSync(new URL(path, dist), text);
}
