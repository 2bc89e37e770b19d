/** In charge of what a scenario runs on: a database of its own, and servers on it as processes of their own. */
import { randomBytes } from "node:crypto";
import { createPool } from "slonik";
import { statement } from "../support/owner.ts";
import { environmentFor, run, type RunningProcess, SERVER, type Environment } from "../support/process.ts";
import type { NativeServer } from "./native-server.ts";

type Server = RunningProcess & { readonly url: string };

export type Size = {
  readonly rounds: number;
  /** Share of the full number of requests that a round sends. */
  readonly share: number;
};

export type Stage = AsyncDisposable & {
  readonly size: Size;
  readonly databaseUrl: string;
  /** Returns how many milliseconds each command took. */
  readonly psql: (script: string | { readonly file: string }) => Promise<readonly number[]>;
  /** Returns the rows of one statement. */
  readonly query: (text: string) => Promise<readonly Record<string, unknown>[]>;
  /** Starts Kronicle, or another program that prints its address in the same words. It ends with the stage. */
  readonly start: (environment?: Environment, program?: readonly string[]) => Promise<Server>;
};

export async function openStage(native: NativeServer, size: Size): Promise<Stage> {
  const name = `kronicle_bench_${randomBytes(6).toString("hex")}`;
  const cluster = await createPool(native.url, { maxPoolSize: 1 });
  await cluster.query(statement(`create database ${name}`));
  const url = new URL(native.url);
  url.pathname = `/${name}`;
  const owner = await createPool(url.href, { maxPoolSize: 1, statementTimeout: "DISABLE_TIMEOUT" });
  const servers = new AsyncDisposableStack();

  return {
    size,
    databaseUrl: url.href,
    psql: (script) => native.psql(url.href, script),
    query: (text) => owner.any(statement(text)),
    start: async (environment = {}, program = SERVER) => {
      const settings = environmentFor({ databaseUrl: url.href, dataDir: "", rolePrefix: "kronicle_bench" });
      // A pipe full of log lines would cost the bench more than the server, and all load comes with one key; see docs/performance.md.
      const quiet = { KRONICLE_PORT: "0", KRONICLE_LOG_LEVEL: "warn", KRONICLE_RATE_LIMIT: "0" };
      const server = servers.use(run(program, { ...settings, ...quiet, ...environment }));
      const [, address = ""] = await server.waitFor("stdout", /^Kronicle listens on (http:\/\/\S+)\n/m);
      return { ...server, url: address };
    },
    [Symbol.asyncDispose]: async () => {
      await servers.disposeAsync();
      await owner.end();
      await cluster.query(statement(`drop database ${name} with (force)`));
      await cluster.end();
    },
  };
}
