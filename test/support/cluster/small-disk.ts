/** In charge of a disk that is soon full: a file system in memory, and a file that takes what is left of it. */
import { execFile } from "node:child_process";
import { chmod, mkdtemp, rm, statfs, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

export type SmallDisk = AsyncDisposable & {
  readonly directory: string;
  /** Leaves so many bytes free. */
  readonly fill: (left: number) => Promise<void>;
  readonly free: () => Promise<void>;
};

const runFile = promisify(execFile);

/** Needs the right to mount. */
export async function mountSmallDisk(bytes: number): Promise<SmallDisk> {
  const directory = await mkdtemp(join(tmpdir(), "kronicle-disk-"));
  await runFile("mount", ["-t", "tmpfs", "-o", `size=${bytes}`, "tmpfs", directory]);
  await chmod(directory, 0o755);
  const ballast = join(directory, "ballast");
  return {
    directory,
    fill: async (left) => {
      const { bavail, bsize } = await statfs(directory);
      await writeFile(ballast, Buffer.alloc(Math.max(0, bavail * bsize - left))).catch((error: NodeJS.ErrnoException) => {
        // Somebody else was quicker to take it.
        if (error.code !== "ENOSPC") throw error;
      });
    },
    free: () => rm(ballast),
    [Symbol.asyncDispose]: async () => {
      await runFile("umount", ["--lazy", directory]);
      await rm(directory, { recursive: true });
    },
  };
}
