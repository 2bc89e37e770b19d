/** In charge of servers for tests: the real one, in this process, with every answer checked against the contract. */
import type { Config } from "@kronicle/server/config";
import { createLogger } from "@kronicle/server/logger";
import { type RunningServer, startServer } from "@kronicle/server/server";
import { createTestDatabase } from "./database.ts";
import { keepEngineCompiled } from "./run/keep-engine-compiled.ts";
import { recordAnswers } from "./run/record-answers.ts";

/** Keys that the configuration sets: one for each lane. */
export const KEYS = {
  reader: "reader-key-for-tests-000000000000000",
  writer: "writer-key-for-tests-000000000000000",
  admin: "admin-key-for-tests-0000000000000000",
} as const;

export type TestServer = AsyncDisposable & RunningServer;

/** Without a database in the settings the server gets a new one, which goes with it. */
export async function startTestServer(
  settings: Partial<Config> = {},
  log?: ReturnType<typeof createLogger>,
): Promise<TestServer> {
  const database = settings.databaseUrl === undefined && settings.dataDir === undefined ? await createTestDatabase() : null;
  const config: Config = {
    host: "127.0.0.1",
    port: 0,
    workers: 1,
    databaseUrl: null,
    dataDir: ":memory:",
    rolePrefix: null,
    poolSize: 5,
    // Tests send more at once than a service should queue.
    queueSize: 1_000,
    statementTimeoutSeconds: 30,
    drainSeconds: 0,
    logLevel: "silent",
    validateResponses: true,
    bodyLimitBytes: 4 * 1024 * 1024,
    bodyMemoryBytes: 64 * 1024 * 1024,
    answerMemoryBytes: 256 * 1024 * 1024,
    maxRows: 100_000,
    maxCells: 2_000_000,
    // The tests' own work is done by the same event loop.
    maxDelayMs: 0,
    maxAheadSeconds: 86_400,
    maxNewChunks: 64,
    corsOrigins: [],
    rateLimit: 0,
    metrics: "keys",
    tracing: null,
    firstAdmin: null,
    externalIssuer: null,
    roleUrls: { reader: null, writer: null, admin: null, auth: null },
    staticKeys: KEYS,
    ...database?.settings,
    ...settings,
  };
  if (config.databaseUrl === null) await keepEngineCompiled();
  const server = await startServer(config, log ?? createLogger(config));
  recordAnswers(server);
  return {
    ...server,
    [Symbol.asyncDispose]: async () => {
      await server.stop();
      await database?.[Symbol.asyncDispose]();
    },
  };
}
