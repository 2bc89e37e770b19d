import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

const HEAD = `import type { Operation, OperationRequest, Operations } from ${JSON.stringify(join(ROOT, "server/src/contract/operation.ts"))};
export type Used = [Operation<"getLiveness">, OperationRequest<"getLiveness">, Operations];
declare const all: Operations;
declare const channel: { channel_id: string };
export const used = [all, channel];
`;

/** Each in a file of its own, so that an error in one hides none in another. */
const COMPILES: Record<string, string> = {
  "the whole table": "export const table = { ...all } satisfies Operations;",
  "an answer of the contract": `export const f: Operation<"getLiveness"> = async () => ({ status: 200, body: { status: "alive" } });`,
  "another media type": `export const f: Operation<"getContractYaml"> = async () => ({ status: 200, type: "application/yaml", body: "" });`,
  "a request by its names": `export const f = (r: OperationRequest<"readRows">) => [r.path.channel_id.length, r.query.limit?.toFixed(), r.body];`,
};

const FAILS: Record<string, string> = {
  "a table that lacks a handler": "const { getLiveness: _, ...rest } = all; export const table = rest satisfies Operations;",
  "a table with a handler too many": "export const table = { ...all, getNothing: all.getLiveness } satisfies Operations;",
  "a handler under the name of another": "export const table = { ...all, getVersion: all.getLiveness } satisfies Operations;",
  "a status that is not in the contract": `export const f: Operation<"getLiveness"> = async () => ({ status: 201, body: { status: "alive" } });`,
  "a refusal as an answer": `export const f: Operation<"getLiveness"> = async () => ({ status: 400, body: { status: "alive" } });`,
  "the body of another status": `export const f: Operation<"upsertChannel"> = async () => ({ status: 200, body: { status: "alive" } });`,
  "a body that lacks a field": `export const f: Operation<"getVersion"> = async () => ({ status: 200, body: { server: "1" } });`,
  "a body with a field of another type": `export const f: Operation<"getLiveness"> = async () => ({ status: 200, body: { status: 1 } });`,
  "no body": `export const f: Operation<"getLiveness"> = async () => ({ status: 200 });`,
  "a media type that is not in the contract": `export const f: Operation<"getContractYaml"> = async () => ({ status: 200, type: "text/plain", body: "" });`,
  "no media type where it is not JSON": `export const f: Operation<"getContractYaml"> = async () => ({ status: 200, body: "" });`,
  "a header that is not in the contract": `export const f: Operation<"listChannels"> = async () => ({ status: 200, headers: { Location: "/" }, body: [] });`,
  "an unknown operation": `export const f: Operation<"getNothing"> = async () => ({ status: 200 });`,
  "an unknown path parameter": `export const f = (r: OperationRequest<"getChannel">) => r.path.name;`,
  "an unknown query parameter": `export const f = (r: OperationRequest<"readRows">) => r.query.page;`,
  "a query parameter that may be absent": `export const f = (r: OperationRequest<"readRows">) => r.query.limit.toFixed();`,
  "a field that the body does not have": `export const f = (r: OperationRequest<"upsertChannel">) => r.body.strict;`,
  "a body where there is none": `export const f = (r: OperationRequest<"getLiveness">) => r.body.rows;`,
};

let directory: string;
/** Lines of the compiler by file name. */
let errors: Map<string, string[]>;

const fileName = (title: string) => `${title.replaceAll(" ", "-")}.ts`;

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), "kronicle-types-"));
  writeFileSync(join(directory, "package.json"), '{"type":"module"}');
  const compilerOptions = { noUnusedLocals: false, typeRoots: [join(ROOT, "node_modules/@types")] };
  writeFileSync(
    join(directory, "tsconfig.json"),
    JSON.stringify({ extends: join(ROOT, "server/tsconfig.json"), compilerOptions, include: ["*.ts"] }),
  );
  for (const [title, code] of Object.entries({ ...COMPILES, ...FAILS }))
    writeFileSync(join(directory, fileName(title)), `${HEAD}${code}\n`);

  const { promise, resolve } = Promise.withResolvers<string>();
  execFile(join(ROOT, "node_modules/.bin/tsc"), ["-p", directory, "--pretty", "false"], { cwd: directory }, (_error, stdout) =>
    resolve(stdout),
  );
  const lines = (await promise).split("\n").filter((line) => line.includes(": error TS"));
  errors = Map.groupBy(lines, (line) => line.slice(0, line.indexOf("(")));
}, 300_000);
afterAll(() => rmSync(directory, { recursive: true }));

describe("the types of handlers", () => {
  test("are the only thing that the compiler complains about", () => {
    const known = new Set(Object.keys(FAILS).map(fileName));
    expect([...errors.keys()].filter((name) => !known.has(name))).toEqual([]);
  });

  test.each(Object.keys(COMPILES))("allow %s", (title) => {
    expect(errors.get(fileName(title))).toBeUndefined();
  });

  test.each(Object.keys(FAILS))("do not allow %s", (title) => {
    const found = errors.get(fileName(title)) ?? [];
    expect(found).not.toEqual([]);
    // In the line under test, and not in the preamble.
    const place = `${fileName(title)}(${HEAD.split("\n").length},`;
    expect(found.filter((line) => !line.startsWith(place))).toEqual([]);
  });
});
