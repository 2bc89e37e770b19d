import { KronicleError } from "./kronicle-error.ts";

/**
 * The time was up before the answer was there: that of one attempt (`attemptTimeoutMs`), that of all of them (`timeoutMs`), or the
 * deadline of a writer that is closed.
 *
 * Whether a write was done is not known then. A signal of the caller's own is no TimeoutError: its `reason` is thrown.
 *
 * @example
 * ```ts
 * import { createKronicle, TimeoutError } from "@kronicle/client";
 *
 * const kronicle = createKronicle({ baseUrl: "http://127.0.0.1:8000", token: "krn_reader_...", timeoutMs: 5_000 });
 * try {
 *   await kronicle.reader.listChannels().page();
 * } catch (error) {
 *   if (!(error instanceof TimeoutError)) throw error;
 *   console.error(error.message);
 * }
 * ```
 */
export class TimeoutError extends KronicleError {
  override name = "TimeoutError";
}
