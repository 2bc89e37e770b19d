/** In charge of the time between two attempts. */
import { within } from "./within.ts";

const FIRST_MS = 250;
const MOST_MS = 8_000;

/**
 * How long to wait after so many failures in a row: exponential, with full jitter, so that clients that failed together do not come
 * back together.
 */
export function backoffMs(failures: number): number {
  return Math.random() * Math.min(MOST_MS, FIRST_MS * 2 ** (failures - 1));
}

/** @throws the reason of the signal. */
export function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return within(
    { ms: Infinity, signal, message: "" },
    (stopped) =>
      new Promise((resolve) => {
        const timer = setTimeout(resolve, ms);
        stopped.addEventListener("abort", () => clearTimeout(timer));
      }),
  );
}
