/** In charge of PostgreSQL servers that belong to one test alone, which may stop, break and fill them. */
import { execFile } from "node:child_process";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { isNative } from "../database.ts";
import { onServer } from "./on-cluster.ts";

const SCRIPT = new URL("../timescaledb.sh", import.meta.url).pathname;
const DEBIAN = "/etc/debian_version";

/** Where there is a native server for the suite, and the right and the packages to make more of them: Debian, as root. */
export const canRunClusters =
  isNative && process.getuid?.() === 0 && existsSync(DEBIAN) && /^1[23]\b/.test(readFileSync(DEBIAN, "utf8"));

/** Those of pg_ctl: fast ends sessions first, immediate is a crash. */
export type StopMode = "fast" | "immediate";

export type Cluster = AsyncDisposable & {
  /** Of a database that is nobody else's, as superuser. */
  readonly url: string;
  readonly start: () => Promise<void>;
  readonly stop: (mode?: StopMode) => Promise<void>;
  /** SIGKILL to every process of it, as by a power cut that spares the disk. */
  readonly kill: () => Promise<void>;
  /** Settings of postgresql.conf, which are in force at once. */
  readonly configure: (...settings: readonly string[]) => Promise<void>;
  /** Ends the role of a replica. */
  readonly promote: () => Promise<void>;
  /** A streaming replica, made by pg_basebackup. */
  readonly startReplica: () => Promise<Cluster>;
};

/** @param directory exists, and holds nothing. Left out: a new one, which goes with the cluster. */
export async function startCluster(directory?: string): Promise<Cluster> {
  const place = directory ?? (await createPlace());
  const url = await script("start", place);
  return describeCluster(place, url, directory === undefined);
}

function describeCluster(directory: string, serverUrl: string, isOurs: boolean): Cluster {
  const configure = async (...settings: readonly string[]) => {
    await onServer(serverUrl, ...settings.map((setting) => `alter system set ${setting}`), "select pg_reload_conf()");
  };
  return {
    url: serverUrl,
    start: async () => {
      await script("start", directory);
    },
    stop: async (mode = "fast") => {
      await script("stop", directory, mode);
    },
    kill: () => killAll(directory),
    configure,
    promote: async () => {
      await script("promote", directory);
    },
    startReplica: async () => {
      const place = await createPlace();
      return describeCluster(place, await script("replica", place, directory), true);
    },
    [Symbol.asyncDispose]: async () => {
      await script("stop", directory, "immediate");
      if (isOurs) await rm(directory, { recursive: true, force: true });
    },
  };
}

async function createPlace(): Promise<string> {
  const place = await mkdtemp(join(tmpdir(), "kronicle-cluster-"));
  await chmod(place, 0o755);
  return place;
}

async function script(...args: readonly string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(SCRIPT, args, { env: process.env });
  return stdout.trim().split("\n").at(-1) ?? "";
}

async function killAll(directory: string): Promise<void> {
  const place = join(directory, "data");
  // The postmaster may still make processes while the first of them die.
  for (let pids = processesIn(place); pids.length > 0; pids = processesIn(place)) {
    for (const pid of pids) killIfThere(pid);
    await sleep(20);
  }
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
