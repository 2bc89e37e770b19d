/** In charge of databases that outlive the servers on them: for tests that start more than one. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createTestDatabase, isNative } from "./database.ts";

type TestDatabase = Awaited<ReturnType<typeof createTestDatabase>>;

/** On a native server any database does; the embedded one gets a directory. */
export async function createLastingDatabase(): Promise<TestDatabase> {
  if (isNative) return createTestDatabase();
  const directory = await createDirectory();
  return {
    settings: { databaseUrl: null, dataDir: join(directory.path, "data"), rolePrefix: null },
    [Symbol.asyncDispose]: () => directory[Symbol.asyncDispose](),
  };
}

/** An empty directory. */
export async function createDirectory(): Promise<AsyncDisposable & { readonly path: string }> {
  const path = await mkdtemp(join(tmpdir(), "kronicle-test-"));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}
