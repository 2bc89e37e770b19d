/** In charge of the time between two attempts. */
import { withDeadline } from "./with-deadline.ts";

const FIRST_MS = 250;
const MAX_MS = 8_000;

/**
 * The pause after so many failures in a row: exponential, with full jitter, so that clients that failed together do not come back
 * together.
 */
export function backoffMs(failures: number): number {
  return Math.random() * Math.min(MAX_MS, FIRST_MS * 2 ** (failures - 1));
}

/** How long an answer asks to be left alone (RFC 9110: seconds, or a date), in milliseconds; null when it does not say. */
export function retryAfterMs({ headers }: Response): number | null {
  const text = headers.get("Retry-After");
  if (text === null) return null;
  const ms = /^\d+$/.test(text) ? Number(text) * 1000 : Date.parse(text) - Date.now();
  return Number.isNaN(ms) ? null : Math.max(0, ms);
}

/** @throws the reason of the signal. */
export function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return withDeadline(
    { ms: Infinity, signal, message: "" },
    (stopped) =>
      new Promise((resolve) => {
        const timer = setTimeout(resolve, ms);
        stopped.addEventListener("abort", () => clearTimeout(timer));
      }),
  );
}
