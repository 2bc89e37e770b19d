/**
 * The demo: starts a server in this process, loads real data sets through the SDK, and checks what comes back.
 *
 * The database is an embedded one that is thrown away, or the one that DATABASE_URL names, which keeps the channels.
 */
import { randomBytes } from "node:crypto";
import { readConfig } from "@kronicle/server/config";
import { exitOnStartFailure } from "@kronicle/server/exit-on-start-failure";
import { createLogger } from "@kronicle/server/logger";
import { startServer } from "@kronicle/server/server";
import { printResult } from "./print-result.ts";
import { type DemoResult, runDemo } from "./run-demo.ts";
import { showProgress } from "./show-progress.ts";

try {
  process.exitCode = report(await loadEverything());
} catch (error) {
  exitOnStartFailure(error);
}

async function loadEverything(): Promise<DemoResult[]> {
  const keys = { reader: randomKey(), writer: randomKey(), admin: randomKey() };
  const config = readConfig({
    ...process.env,
    KRONICLE_HOST: "127.0.0.1",
    KRONICLE_PORT: "0",
    KRONICLE_DATA_DIR: ":memory:",
    KRONICLE_LOG_LEVEL: "warn",
    KRONICLE_READER_KEY: keys.reader,
    KRONICLE_WRITER_KEY: keys.writer,
    KRONICLE_ADMIN_KEY: keys.admin,
  });
  const server = await startServer(config, createLogger(config));
  try {
    const where = config.databaseUrl === null ? "an embedded database that is thrown away" : "the database of DATABASE_URL";
    console.log(`A server runs on ${server.url}, with ${where}.\n`);
    return await runDemo({ baseUrl: server.url, keys, onProgress: showProgress(process.stdout) });
  } finally {
    await server.stop();
  }
}

/** Returns the exit code. */
function report(results: readonly DemoResult[]): 0 | 1 {
  for (const result of results) printResult(result);
  const sentences = results.flatMap(({ title, differences }) => differences.map((difference) => `${title}: ${difference}.`));
  for (const sentence of sentences) console.error(`\n${sentence}`);
  if (sentences.length > 0) return 1;
  console.log("\nEverything came back as it was sent.");
  return 0;
}

function randomKey(): string {
  return randomBytes(32).toString("base64url");
}
