/** In charge of servers and commands as processes of their own, in a clean environment, as an operator would run them. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import type { Config } from "@kronicle/server/config";
import { KEYS } from "./server.ts";

const CHECKOUT = new URL("../..", import.meta.url).pathname;

export const SERVER = [process.execPath, "server/src/main.ts"];
export const CLI = [process.execPath, "server/src/cli.ts"];

export type Environment = Readonly<Record<string, string>>;

type Outcome = { readonly code: number | null; readonly signal: NodeJS.Signals | null };

export type RunningProcess = AsyncDisposable & {
  readonly pid: number;
  readonly stdout: () => string;
  readonly stderr: () => string;
  /** Waits until the output matches, and fails when the process ends before it does. */
  readonly waitFor: (stream: "stdout" | "stderr", pattern: RegExp) => Promise<RegExpExecArray>;
  /** Sends the signal and waits for the end. */
  readonly end: (signal: NodeJS.Signals) => Promise<Outcome>;
  readonly ended: Promise<Outcome>;
};

/** What a server needs to use a database of a test, with the keys of the tests. */
export function environmentFor({ databaseUrl, dataDir, rolePrefix }: Pick<Config, "databaseUrl" | "dataDir" | "rolePrefix">) {
  return {
    ...(databaseUrl === null ? { KRONICLE_DATA_DIR: dataDir } : { DATABASE_URL: databaseUrl }),
    ...(rolePrefix === null ? {} : { KRONICLE_ROLE_PREFIX: rolePrefix }),
    KRONICLE_READER_KEY: KEYS.reader,
    KRONICLE_WRITER_KEY: KEYS.writer,
    KRONICLE_ADMIN_KEY: KEYS.admin,
    // A machine that runs tests is behind now and then: only tests of that want servers to turn callers away.
    KRONICLE_MAX_DELAY_MS: "0",
  };
}

export function run([program = "", ...args]: readonly string[], environment: Environment): RunningProcess {
  const child = spawn(program, args, {
    cwd: CHECKOUT,
    env: { PATH: process.env["PATH"], HOME: process.env["HOME"], ...environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const output = { stdout: "", stderr: "" };
  for (const stream of ["stdout", "stderr"] as const) {
    child[stream].setEncoding("utf8").on("data", (text: string) => {
      output[stream] += text;
    });
  }
  // "close" comes after the last output, "exit" may not.
  const ended = once(child, "close").then(([code, signal]): Outcome => ({ code, signal }));

  return {
    pid: pidOf(child),
    stdout: () => output.stdout,
    stderr: () => output.stderr,
    waitFor: (stream, pattern) =>
      new Promise((resolve, reject) => {
        const look = () => {
          const match = pattern.exec(output[stream]);
          if (match) resolve(match);
        };
        child[stream].on("data", look);
        look();
        void ended.then(() =>
          reject(new Error(`the process ended before it said ${pattern}:\n${output.stdout}${output.stderr}`)),
        );
      }),
    end: (signal) => {
      child.kill(signal);
      return ended;
    },
    ended,
    [Symbol.asyncDispose]: async () => {
      child.kill("SIGKILL");
      await ended;
    },
  };
}

/** Runs a command to its end, without blocking a server that lives in this process. */
export async function outcomeOf(command: readonly string[], environment: Environment = {}) {
  await using child = run(command, environment);
  const { code } = await child.ended;
  return { code, stdout: child.stdout(), stderr: child.stderr() };
}

/** Runs the command line to its end, as an operator would. */
export async function kronicle(args: readonly string[], environment: Environment) {
  await using command = run([...CLI, ...args], environment);
  const { code } = await command.ended;
  return { code, stdout: command.stdout(), stderr: command.stderr() };
}

/** Starts a server on a port that the system picks. */
export async function startServerProcess(environment: Environment): Promise<RunningProcess & { readonly url: string }> {
  const server = run(SERVER, { KRONICLE_PORT: "0", ...environment });
  const [, url = ""] = await server.waitFor("stdout", /^Kronicle listens on (http:\/\/\S+)\n/m);
  return { ...server, url };
}

function pidOf({ pid }: ChildProcess): number {
  if (pid === undefined) throw new Error("the process could not be started");
  return pid;
}
