/** In charge of the directory of an embedded database: one process at a time, and only the build that made it. */
import { accessSync, constants, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { z } from "zod";
import { EXIT, OperatorError } from "../../config/operator-error.ts";
import type { DirectoryOwner } from "./messages.ts";
import { BUILD } from "./pglite.ts";

const ownerShape = z.object({ pid: z.int(), url: z.string().nullable() });
const buildShape = z.object({ build: z.string(), complete: z.boolean() });

/** The directory cannot be used; the message says why and what to do. */
export class DirectoryError extends OperatorError {
  override name = "DirectoryError";
  /** Set when another process uses the directory. */
  readonly owner: DirectoryOwner | null;

  constructor(message: string, owner: DirectoryOwner | null = null, options?: ErrorOptions) {
    super(EXIT.config, message, options);
    this.owner = owner;
  }
}

const LOCK_FILE = "lock";
const OWNER_FILE = "owner.json";
const BUILD_FILE = "build.json";
/** What an earlier process may have left without having made a database. */
const OUR_FILES = new Set([LOCK_FILE, `${LOCK_FILE}-journal`, OWNER_FILE]);

export type DataDirectory = {
  readonly postgresPath: string;
  /** Says that the database in it is complete. A directory that was never completed is made anew. */
  readonly complete: () => void;
  readonly release: () => void;
};

/**
 * Takes the directory for this process. Two processes on one directory would silently lose rows.
 *
 * @throws DirectoryError
 */
export function takeDirectory(path: string): DataDirectory {
  makeDirectory(path);
  const buildPath = join(path, BUILD_FILE);
  const postgresPath = join(path, "postgres");

  // Looked at first: a directory that is not ours is left as it is.
  if (!existsSync(buildPath) && readdirSync(path).some((name) => !OUR_FILES.has(name))) throw notOurs(path);
  const lock = takeLock(path);
  try {
    const made = readJson(buildPath, buildShape);
    if (made && made.build !== BUILD) {
      throw new DirectoryError(
        `${path} was made by another build of the embedded database (${made.build}; this is ${BUILD}). ` +
          "Use the version of Kronicle that made it, or another KRONICLE_DATA_DIR.",
      );
    }
    if (!made?.complete) {
      writeJson(buildPath, { build: BUILD, complete: false });
      rmSync(postgresPath, { recursive: true, force: true });
    }
    announceOwner(path, { pid: process.pid, url: null });
    return {
      postgresPath,
      complete: () => writeJson(buildPath, { build: BUILD, complete: true }),
      release: () => {
        rmSync(join(path, OWNER_FILE), { force: true });
        lock.close();
      },
    };
  } catch (error) {
    lock.close();
    throw error;
  }
}

function makeDirectory(path: string): void {
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 });
    accessSync(path, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (error) {
    throw new DirectoryError(
      `The embedded database cannot use the directory ${path} (${String(Reflect.get(Object(error), "code"))}). ` +
        "Set DATABASE_URL to a TimescaleDB of your own, or KRONICLE_DATA_DIR to a directory that may be written to.",
      null,
      { cause: error },
    );
  }
}

/** Whether there is a database in it. Looks, and touches nothing. @throws DirectoryError */
export function hasDatabase(path: string): boolean {
  return readJson(join(path, BUILD_FILE), buildShape)?.complete ?? false;
}

/** Why a directory that was taken can no longer be used, in words for the operator: PostgreSQL has files open, and answers for a while. */
export function findDirectoryFault(path: string): string | null {
  const needed = [join(path, BUILD_FILE), join(path, "postgres", "PG_VERSION"), join(path, "postgres", "pg_wal")];
  const lost = needed.find((file) => !existsSync(file));
  return lost === undefined ? null : `${lost} is gone: the data directory was removed, or its disk is no longer there`;
}

/** Tells other processes which one has the directory, and where it listens. */
export function announceOwner(path: string, owner: DirectoryOwner): void {
  writeJson(join(path, OWNER_FILE), owner);
}

function notOurs(path: string, cause?: unknown): DirectoryError {
  return new DirectoryError(`${path} holds files that are not Kronicle's. Choose another KRONICLE_DATA_DIR.`, null, { cause });
}

const SQLITE_BUSY = 5;

/** A lock that the operating system lets go when the process ends, however it ends: the one SQLite takes on its files. */
function takeLock(path: string): DatabaseSync {
  const database = new DatabaseSync(join(path, LOCK_FILE));
  try {
    database.exec("pragma busy_timeout = 0; begin exclusive");
    return database;
  } catch (error) {
    database.close();
    if (Reflect.get(Object(error), "errcode") !== SQLITE_BUSY) throw notOurs(path, error);
    const owner = readJson(join(path, OWNER_FILE), ownerShape);
    throw new DirectoryError(
      `Another process${owner ? ` (pid ${owner.pid})` : ""} is using the data directory ${path}. Stop it, or choose another KRONICLE_DATA_DIR.`,
      owner,
      { cause: error },
    );
  }
}

function readJson<T>(path: string, shape: z.ZodType<T>): T | null {
  if (!existsSync(path)) return null;
  try {
    return shape.parse(JSON.parse(readFileSync(path, "utf8")));
  } catch (error) {
    throw new DirectoryError(`${path} cannot be read. If the directory is Kronicle's, restore it from a backup.`, null, {
      cause: error,
    });
  }
}

function writeJson(path: string, value: unknown): void {
  writeFileSync(path, `${JSON.stringify(value)}\n`, { mode: 0o600 });
}
