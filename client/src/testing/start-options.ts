/**
 * What a Kronicle for tests is to do otherwise than by default.
 *
 * @example
 * ```ts
 * import { startKronicle, type StartOptions } from "@kronicle/client/testing";
 *
 * // What does a program do that is told to slow down?
 * const strict: StartOptions = { settings: { KRONICLE_RATE_LIMIT: "5" } };
 * await using server = await startKronicle(strict);
 * console.log(server.url);
 * ```
 */
export type StartOptions = {
  /**
   * Settings of the server, by the names that it knows from its environment. With port, data directory and keys of its own a server can
   * be stopped and started again, as the program under test would see it. Default: a free port, in memory, keys made up, silent, no
   * rate limit.
   */
  readonly settings?: Readonly<Record<string, string>> | undefined;
};
