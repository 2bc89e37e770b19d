/** In charge of as many servers on one database as there may be: two on a native one, and one on the embedded. */
import { createTestDatabase, isNative } from "./database.ts";
import { startTestServer, type TestServer } from "./server.ts";

export type TestServers = AsyncDisposable & { readonly first: TestServer; readonly all: readonly TestServer[] };

export async function startTestServers(): Promise<TestServers> {
  const database = await createTestDatabase();
  const first = await startTestServer(database.settings);
  const all = isNative ? [first, await startTestServer(database.settings)] : [first];
  return {
    first,
    all,
    [Symbol.asyncDispose]: async () => {
      await Promise.all(all.map((server) => server[Symbol.asyncDispose]()));
      await database[Symbol.asyncDispose]();
    },
  };
}
