/** In charge of the TimescaleDB that is measured: the one of DATABASE_URL, or a native one of its own. */
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, open, rm } from "node:fs/promises";
import { text } from "node:stream/consumers";
import { promisify } from "node:util";

const SCRIPT = new URL("../support/timescaledb.sh", import.meta.url).pathname;

export type NativeServer = AsyncDisposable & {
  /** Of a superuser, or at least of someone who may create databases and roles. */
  readonly url: string;
  readonly psql: Psql;
};

/** Runs a script of psql, given as text or in a file, and returns what each command took in milliseconds, as psql itself measures it. */
type Psql = (databaseUrl: string, script: string | { readonly file: string }) => Promise<readonly number[]>;

export async function openNativeServer(): Promise<NativeServer> {
  const given = process.env["DATABASE_URL"];
  if (given) return { url: given, psql: psqlBy(["psql"]), [Symbol.asyncDispose]: async () => {} };

  const lasting = process.env["KRONICLE_NATIVE_DIR"];
  const directory = lasting || (await mkdtemp("/var/tmp/kronicle-bench-"));
  const { stdout } = await promisify(execFile)(SCRIPT, ["start", directory]);
  return {
    url: stdout.trim(),
    psql: psqlBy([SCRIPT, "run", directory, "psql"]),
    [Symbol.asyncDispose]: async () => {
      await promisify(execFile)(SCRIPT, ["stop", directory]);
      if (!lasting) await rm(directory, { recursive: true, force: true });
    },
  };
}

function psqlBy([program = "", ...leading]: readonly string[]): Psql {
  return async (databaseUrl, script) => {
    const file = typeof script === "string" ? null : await open(script.file);
    try {
      const args = [
        "-qX",
        "-v",
        "ON_ERROR_STOP=1",
        "-c",
        String.raw`\timing on`,
        "-c",
        String.raw`\o /dev/null`,
        "-f",
        "-",
        databaseUrl,
      ];
      const child = spawn(program, [...leading, ...args], { stdio: [file?.fd ?? "pipe", "pipe", "inherit"] });
      const ended = once(child, "close");
      if (typeof script === "string") child.stdin?.end(script);
      const output = child.stdout ? await text(child.stdout) : "";
      const [code] = await ended;
      if (code !== 0) throw new Error(`psql ended with ${code}`);
      return [...output.matchAll(/^Time: ([\d.]+) ms/gm)].map(([, ms]) => Number(ms));
    } finally {
      await file?.close();
    }
  };
}
