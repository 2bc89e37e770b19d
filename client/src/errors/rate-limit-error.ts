import { ApiError } from "./api-error.ts";

/**
 * Too many requests: status 429. `retryAfterMs` says how long to wait; the SDK has done so already, as often as `retries` allows.
 *
 * @example
 * ```ts
 * import { createKronicle, RateLimitError } from "@kronicle/client";
 *
 * const { reader } = createKronicle({ baseUrl: "http://127.0.0.1:8000", token: "krn_reader_...", retries: 0 });
 * await reader.listChannels().page().catch((error: unknown) => {
 *   if (error instanceof RateLimitError) console.error(`Come back in ${error.retryAfterMs ?? 1000} ms.`);
 *   else throw error;
 * });
 * ```
 */
export class RateLimitError extends ApiError {
  override name = "RateLimitError";
}
