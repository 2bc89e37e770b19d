/** In charge of where a dump lies: a file, compressed when its name ends in `.gz`, or `-` for stdout and stdin. */
import { createReadStream, createWriteStream, existsSync } from "node:fs";
import { rename, rm } from "node:fs/promises";
import { PassThrough, pipeline as through, Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGunzip, createGzip } from "node:zlib";
import { DumpError, FileError } from "./dump-error.ts";

const STANDARD = "-";

/**
 * The file has its name only once it is whole and on disk.
 *
 * @throws FileError, also when there is such a file already: it may be the only other dump.
 */
export async function writeDumpFile(path: string, text: AsyncIterable<string>): Promise<void> {
  if (path === STANDARD) {
    await pipeline(text, process.stdout, { end: false }).catch((error: unknown) => {
      throw isSystemError(error) ? new FileError("write", "Whoever reads stdout has stopped.", { cause: error }) : error;
    });
    return;
  }
  if (existsSync(path)) throw new FileError("write", `${path} is there already. Choose another name.`);
  const partial = `${path}.partial`;
  try {
    await rm(partial, { force: true });
    const file = createWriteStream(partial, { mode: 0o600, flush: true });
    await pipeline(Readable.from(text), isCompressed(path) ? createGzip() : new PassThrough(), file);
    await rename(partial, path);
  } catch (error) {
    await rm(partial, { force: true }).catch(() => {});
    if (!isSystemError(error)) throw error;
    throw new FileError("write", `${path} cannot be written: ${error.message}.`, { cause: error });
  }
}

/** @throws FileError, or DumpError when what should be compressed is not, or is cut off. */
export async function* readDumpFile(path: string): AsyncGenerator<Buffer> {
  const file = path === STANDARD ? process.stdin : createReadStream(path);
  // What goes wrong with the file is met when its content is read.
  const content: AsyncIterable<Buffer> = isCompressed(path) ? through(file, createGunzip(), () => {}) : file;
  try {
    yield* content;
  } catch (error) {
    if (isSystemError(error)) throw new FileError("read", `${path} cannot be read: ${error.message}.`, { cause: error });
    if (isZlibError(error)) throw new DumpError(`${path} is no whole gzip file: ${error.message}.`);
    throw error;
  }
}

function isCompressed(path: string): boolean {
  return path.endsWith(".gz");
}

/** Of the file system, such as ENOSPC; errors of the database have a code, too. */
function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && "syscall" in error;
}

function isZlibError(error: unknown): error is Error {
  return error instanceof Error && "code" in error && String(error.code).startsWith("Z_");
}
