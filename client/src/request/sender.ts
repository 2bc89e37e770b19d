/** In charge of one request until it has an answer: token, time limits, and further attempts where they are safe. */
import { isTransient, isTransientStatus } from "../errors/is-transient.ts";
import { NetworkError } from "../errors/network-error.ts";
import type { KronicleOptions } from "../kronicle-options.ts";
import { mediaType } from "../response/headers.ts";
import { backoffMs, pause, retryAfterMs } from "../retry/backoff.ts";
import { isRepeatable, type RetryPolicy } from "../retry/retry-policy.ts";
import { withDeadline } from "../retry/with-deadline.ts";
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
 */
export type Send = (request: Request, signal?: AbortSignal) => Promise<Response>;

/** Answers of these types come piece by piece, and may take as long as they like. */
const STREAMED = new Set(["application/x-ndjson", "text/csv"]);

/** @throws TypeError when the token cannot be sent. */
export function createSender({ token, fetch: sendOnce }: KronicleOptions, policy: RetryPolicy): Send {
  const { retries, attemptTimeoutMs, timeoutMs } = policy;
  const tokens = new TokenSource(token);

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
    try {
      return await complete(await (sendOnce ?? fetch)(copy));
    } catch (cause) {
      throw new NetworkError(`${requestName(request)} got no answer, or not all of it.`, { cause });
    }
  }

  return async (request, signal = request.signal) => {
    const end = performance.now() + timeoutMs;
    for (let failures = 1; ; failures++) {
      const outcome = await attempt(request, signal, end).catch((error: unknown) => {
        if (isTransient(error)) return error;
        throw error;
      });
      const askedMs = outcome instanceof Error ? null : retryAfterMs(outcome);
      if (!(outcome instanceof Error) && !isTransientStatus(outcome.status, askedMs)) return outcome;

      const waitMs = (askedMs ?? 0) + backoffMs(failures);
      if (failures > retries || !isRepeatable(request) || performance.now() + waitMs >= end) {
        if (outcome instanceof Error) throw outcome;
        return outcome;
      }
      await pause(waitMs, signal);
    }
  };
}

/** The same answer with all of its body: one that breaks off has to fail while there are attempts left. */
async function complete(response: Response): Promise<Response> {
  if (!response.body || STREAMED.has(mediaType(response.headers.get("Content-Type")))) return response;
  return new Response(await response.arrayBuffer(), response);
}
