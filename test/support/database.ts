/** In charge of a database of its own for each test file, embedded or on the server that KRONICLE_TEST_DATABASE_URL names. */
import { randomBytes } from "node:crypto";
import type { Config } from "@kronicle/server/config";
import { dropDatabase, onCluster, SERVER_URL } from "./on-cluster.ts";

/** Roles belong to the cluster: all test databases share one set. */
const ROLE_PREFIX = "kronicle_test";

export const isNative = SERVER_URL !== null;

type TestDatabase = AsyncDisposable & { readonly settings: Pick<Config, "databaseUrl" | "dataDir" | "rolePrefix"> };

export async function createTestDatabase(): Promise<TestDatabase> {
  if (SERVER_URL === null) {
    return { settings: { databaseUrl: null, dataDir: ":memory:", rolePrefix: null }, [Symbol.asyncDispose]: async () => {} };
  }
  const name = `kronicle_test_${randomBytes(6).toString("hex")}`;
  await onCluster(`create database ${name}`);
  const url = new URL(SERVER_URL);
  url.pathname = `/${name}`;
  return {
    settings: { databaseUrl: url.href, dataDir: ":memory:", rolePrefix: ROLE_PREFIX },
    [Symbol.asyncDispose]: () => dropDatabase(name),
  };
}
