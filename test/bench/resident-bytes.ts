/** In charge of how much memory a process occupies, as Linux counts it. */
import { readFile } from "node:fs/promises";

const INTERVAL_MS = 20;

export async function readResidentBytes(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, "utf8");
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1]) * 1_024;
}

/** Looks again and again until it is stopped, and then tells the most it has seen. */
export function watchResidentBytes(pid: number): { readonly stop: () => Promise<number> } {
  let most = 0;
  let look = Promise.resolve();
  const timer = setInterval(() => {
    look = readResidentBytes(pid).then((bytes) => void (most = Math.max(most, bytes)));
  }, INTERVAL_MS);
  return {
    stop: async () => {
      clearInterval(timer);
      await look;
      return most;
    },
  };
}
