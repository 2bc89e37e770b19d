import { ApiError } from "./api-error.ts";
import { NetworkError } from "./network-error.ts";
import { TimeoutError } from "./timeout-error.ts";

/**
 * Whether the same call may succeed later: no usable answer came, or it was one of the statuses 408, 409 (a request with the same
 * idempotency key is still running), 429 and 5xx but 501.
 *
 * The SDK has tried such a call again already where that is safe, `retries` times.
 *
 * @example
 * ```ts
 * import { createKronicle, defineChannel, isTransient } from "@kronicle/client";
 *
 * const thermometer = defineChannel({ temperature: "float" });
 * const { writer } = createKronicle({ baseUrl: "http://127.0.0.1:8000", token: "krn_writer_..." });
 * const rows = [{ time: new Date(), temperature: 20.5 }];
 * try {
 *   await writer.channel("6e8bc430-9c3a-4f5c-8d2e-2f1c9a7b4d10", thermometer).append(rows, { idempotencyKey: "reading-17" });
 * } catch (error) {
 *   if (!isTransient(error)) throw error;
 *   console.error("Kept for later, with the same key:", rows);
 * }
 * ```
 */
export function isTransient(error: unknown): error is ApiError | NetworkError | TimeoutError {
  if (error instanceof ApiError) return isTransientStatus(error.status, error.retryAfterMs);
  return error instanceof NetworkError || error instanceof TimeoutError;
}

/**
 * Whether an answer of this status may be another one later. A 409 that says when to come back is that of a request that still runs; any
 * other is there to stay.
 */
export function isTransientStatus(status: number, retryAfterMs: number | null): boolean {
  if (status === 409) return retryAfterMs !== null;
  return status === 408 || status === 429 || (status >= 500 && status !== 501);
}
