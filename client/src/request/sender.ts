/** In charge of one request until it has an answer: token, time limits, and further attempts where they are safe. */
import { isTransient, isTransientStatus } from "../errors/is-transient.ts";
import type { KronicleOptions } from "../kronicle-options.ts";
import { streamed } from "../response/answer-stream.ts";
import { backoffMs, pause, retryAfterMs } from "../retry/backoff.ts";
import { isRepeatable, retryPolicyOf } from "../retry/retry-policy.ts";
import { withDeadline } from "../retry/with-deadline.ts";
import { exchange, streamOf } from "./exchange.ts";
import { TokenSource } from "./token-source.ts";
import { requestName } from "./url.ts";

/**
 * Sends a request until an answer comes that is worth having, or the last attempt is made. An answer is complete, unless it is a
 * stream.
 *
 * @param signal Default: that of the request.
 * @throws NetworkError
 * @throws TimeoutError
 * @throws the reason of the signal.
 * @throws what `fetch` throws that is no fault of the network.
 */
export type Send = (request: Request, signal?: AbortSignal) => Promise<Response>;

/** @throws TypeError when an option cannot be used. */
export function createSender(options: KronicleOptions): Send {
  const { retries, attemptTimeoutMs, timeoutMs } = retryPolicyOf(options);
  const tokens = new TokenSource(options.token);

  async function attempt(request: Request, signal: AbortSignal, end: number): Promise<Response> {
    const leftMs = end - performance.now();
    const limit = leftMs < attemptTimeoutMs ? `${timeoutMs} ms in all` : `${attemptTimeoutMs} ms`;
    const message = `${requestName(request)} took longer than ${limit}.`;
    return withDeadline({ ms: Math.min(leftMs, attemptTimeoutMs), signal, message }, async (stopped) => {
      const known = await tokens.get();
      const response = await ask(request, known, stopped);
      const fresh = response.status === 401 ? await tokens.replace(known) : null;
      return fresh === null ? response : ask(request, fresh, stopped);
    });
  }

  async function ask(request: Request, credential: string, signal: AbortSignal): Promise<Response> {
    // The body of a request can be sent only once, and there may be another attempt.
    const copy = new Request(request.clone(), { signal });
    copy.headers.set("Authorization", `Bearer ${credential}`);
    return exchange(copy, options.fetch ?? fetch);
  }

  return async (request, signal = request.signal) => {
    const end = performance.now() + timeoutMs;
    for (let failures = 1; ; failures++) {
      let waitMs = backoffMs(failures);
      const isLast = () => failures > retries || !isRepeatable(request) || performance.now() + waitMs >= end;
      try {
        const response = await attempt(request, signal, end);
        const askedMs = retryAfterMs(response);
        waitMs += askedMs ?? 0;
        if (!isTransientStatus(response.status, askedMs) || isLast()) {
          const body = streamOf(response);
          if (!body) return response;
          const message = `${requestName(request)} took longer than ${attemptTimeoutMs} ms for a piece.`;
          return streamed(response, body, { ms: attemptTimeoutMs, signal, message });
        }
      } catch (error) {
        if (!isTransient(error) || isLast()) throw error;
      }
      await pause(waitMs, signal);
    }
  };
}
