/** In charge of a database of its own for each test file, embedded or on the server that KRONICLE_TEST_DATABASE_URL names. */
import { randomBytes } from "node:crypto";
import { cpSync } from "node:fs";
import { join } from "node:path";
import type { Config } from "@kronicle/server/config";
import { createDirectory } from "./directory.ts";
import { dropDatabase, onCluster, SERVER_URL } from "./cluster/on-cluster.ts";
import { sharedByRun } from "./run/shared-by-run.ts";

/** Roles belong to the cluster: all test databases share one set. */
const ROLE_PREFIX = "kronicle_test";

export const isNative = SERVER_URL !== null;

export type TestDatabase = AsyncDisposable & { readonly settings: Pick<Config, "databaseUrl" | "dataDir" | "rolePrefix"> };

/** It outlives the servers on it. An embedded one has been migrated before: that takes seconds. */
export async function createTestDatabase(): Promise<TestDatabase> {
  if (SERVER_URL !== null) return createNativeDatabase(SERVER_URL);
  return createEmbeddedDatabase(sharedByRun("databaseTemplate"));
}

/** Nobody has migrated it. It outlives the servers on it. */
export async function createEmptyDatabase(): Promise<TestDatabase> {
  return SERVER_URL === null ? createEmbeddedDatabase(null) : createNativeDatabase(SERVER_URL);
}

async function createNativeDatabase(serverUrl: string): Promise<TestDatabase> {
  const name = `kronicle_test_${randomBytes(6).toString("hex")}`;
  await onCluster(`create database ${name}`);
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  return {
    settings: { databaseUrl: url.href, dataDir: ":memory:", rolePrefix: ROLE_PREFIX },
    [Symbol.asyncDispose]: () => dropDatabase(name),
  };
}

async function createEmbeddedDatabase(template: string | null): Promise<TestDatabase> {
  const directory = await createDirectory();
  const dataDir = join(directory.path, "data");
  // A thousand small files: not to wait for each takes a tenth of the work.
  if (template !== null) cpSync(template, dataDir, { recursive: true });
  return {
    settings: { databaseUrl: null, dataDir, rolePrefix: null },
    [Symbol.asyncDispose]: () => directory[Symbol.asyncDispose](),
  };
}
