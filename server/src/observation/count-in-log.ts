import type { Logger } from "./logger.ts";

/** Counts what may come in masses, and is not worth a log line each: one line tells how many there were. */
export function countInLog(log: Logger, message: string, everyMs: number): () => void {
  let count = 0;
  return () => {
    count += 1;
    if (count > 1) return;
    setTimeout(() => {
      log.warn({ count }, message);
      count = 0;
    }, everyMs).unref();
  };
}
