/** In charge of a native TimescaleDB of one test alone, which may do to it what no other test would survive. */
import { execFile } from "node:child_process";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { isNative } from "./database.ts";

const SCRIPT = new URL("./timescaledb.sh", import.meta.url).pathname;
const runScript = promisify(execFile);

/** The script needs Debian and root. Only where the suite runs on a native database it has been installed by then. */
export const canHavePrivateServer = isNative && process.getuid?.() === 0 && /^ID=debian$/m.test(readOsRelease());

export type PrivateServer = AsyncDisposable & {
  /** Of a superuser. It stays the same over restarts. */
  readonly url: string;
  /** SIGKILL to every process of it, as by a power cut that spares the disk. */
  readonly kill: () => Promise<void>;
  /** Returns once it has recovered. */
  readonly restart: () => Promise<void>;
};

export async function startPrivateServer(): Promise<PrivateServer> {
  const directory = await mkdtemp("/var/tmp/kronicle-private-");
  const start = async () => (await runScript(SCRIPT, ["start", directory])).stdout.trim();
  const url = await start();
  return {
    url,
    kill: async () => {
      // The postmaster may still make processes while the first of them die.
      for (let pids = processesIn(`${directory}/data`); pids.length > 0; pids = processesIn(`${directory}/data`)) {
        for (const pid of pids) killIfThere(pid);
        await sleep(20);
      }
    },
    restart: async () => {
      const again = await start();
      if (again !== url) throw new Error("another program has taken the port of the database meanwhile");
    },
    [Symbol.asyncDispose]: async () => {
      await runScript(SCRIPT, ["stop", directory]);
      await rm(directory, { recursive: true });
    },
  };
}

/** By the directory they work in, which is the same file on whatever path they see it. */
function processesIn(directory: string): number[] {
  const { dev, ino } = statSync(directory);
  return readdirSync("/proc")
    .map(Number)
    .filter((pid) => {
      if (Number.isNaN(pid)) return false;
      try {
        const cwd = statSync(`/proc/${pid}/cwd`);
        return cwd.dev === dev && cwd.ino === ino;
      } catch {
        return false;
      }
    });
}

function killIfThere(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch (error) {
    if (!(error instanceof Error && Reflect.get(error, "code") === "ESRCH")) throw error;
  }
}

function readOsRelease(): string {
  try {
    return readFileSync("/etc/os-release", "utf8");
  } catch {
    return "";
  }
}
