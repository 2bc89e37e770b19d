import type { KronicleOptions } from "../kronicle-options.ts";
import { checkAtLeast } from "../request/check-at-least.ts";

/** How long and how often to try. */
export type Persistence = { readonly retries: number; readonly attemptTimeoutMs: number; readonly timeoutMs: number };

/** @throws TypeError for an option that cannot be. */
export function persistenceOf({ retries = 4, attemptTimeoutMs = 30_000, timeoutMs = 120_000 }: KronicleOptions): Persistence {
  checkAtLeast("retries", retries, 0);
  checkAtLeast("attemptTimeoutMs", attemptTimeoutMs, 1);
  checkAtLeast("timeoutMs", timeoutMs, 1);
  return { retries, attemptTimeoutMs, timeoutMs };
}
