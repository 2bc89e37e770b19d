/** In charge of the limits to trying: how often, how long, and which requests may be sent twice. */
import type { KronicleOptions } from "../kronicle-options.ts";
import { checkAtLeast } from "../request/check-arguments.ts";

type RetryPolicy = { readonly retries: number; readonly attemptTimeoutMs: number; readonly timeoutMs: number };

/** @throws TypeError for an option that is no number, or too small. */
export function retryPolicyOf({ retries = 4, attemptTimeoutMs = 30_000, timeoutMs = 120_000 }: KronicleOptions): RetryPolicy {
  checkAtLeast("retries", retries, 0);
  checkAtLeast("attemptTimeoutMs", attemptTimeoutMs, 1);
  checkAtLeast("timeoutMs", timeoutMs, 1);
  return { retries, attemptTimeoutMs, timeoutMs };
}

/** A read does no harm when it is repeated, and the service does once what has an idempotency key. */
export function isRepeatable({ method, headers }: Request): boolean {
  return method === "GET" || method === "HEAD" || headers.has("Idempotency-Key");
}
