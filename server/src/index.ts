/** In charge of a server inside another program, such as a test. */
import { readConfig } from "./config/config.ts";
import { createLogger } from "./observation/logger.ts";
import { startServer } from "./server.ts";

export type KronicleServer = {
  /** Where it listens. */
  readonly url: string;
  /** Answers what was accepted, then closes everything. Safe to call twice. */
  readonly stop: () => Promise<void>;
};

/**
 * Starts a server in this process. It logs to stderr, and makes no keys by itself.
 *
 * @param settings what a process of its own takes from its environment, by the same names. The environment of this process is not
 * read: a DATABASE_URL that happens to be there is not meant for this server.
 * @throws ConfigError when the settings cannot be used.
 *
 * @example
 * ```ts
 * import { startKronicle } from "@kronicle/server";
 *
 * const server = await startKronicle({
 *   KRONICLE_DATA_DIR: ":memory:",
 *   KRONICLE_PORT: "0",
 *   KRONICLE_ADMIN_KEY: crypto.randomUUID(),
 * });
 * console.log(server.url);
 * await server.stop();
 * ```
 */
export async function startKronicle(settings: Readonly<Record<string, string>>): Promise<KronicleServer> {
  const config = readConfig(settings);
  const { url, stop } = await startServer(config, createLogger(config));
  return { url, stop };
}
