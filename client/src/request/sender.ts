/** In charge of one request until it has an answer: token, time limits, and further attempts where they are safe. */
import { isTransient } from "../errors/is-transient.ts";
import { isTransientStatus } from "../errors/is-transient-status.ts";
import { NetworkError } from "../errors/network-error.ts";
import type { KronicleOptions } from "../kronicle-options.ts";
import { backoffMs, pause } from "../retry/backoff.ts";
import { mediaType } from "../response/media-type.ts";
import type { Persistence } from "../retry/persistence.ts";
import { requestName } from "./request-name.ts";
import { retryAfterMs } from "../retry/retry-after.ts";
import { TokenSource } from "./token-source.ts";
import { within } from "../retry/within.ts";

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

/** These come piece by piece, and take as long as they take. */
const STREAMED = new Set(["application/x-ndjson", "text/csv"]);

/** @throws TypeError when the token cannot be sent. */
export function createSender({ token, fetch: sendOnce }: KronicleOptions, persistence: Persistence): Send {
  const { retries, attemptTimeoutMs, timeoutMs } = persistence;
  const tokens = new TokenSource(token);

  async function attempt(request: Request, signal: AbortSignal, end: number): Promise<Response> {
    const leftMs = end - performance.now();
    const limit = leftMs < attemptTimeoutMs ? `${timeoutMs} ms in all` : `${attemptTimeoutMs} ms`;
    const message = `${requestName(request)} took longer than ${limit}.`;
    return within({ ms: Math.min(leftMs, attemptTimeoutMs), signal, message }, async (stopped) => {
      const known = await tokens.get();
      const response = await ask(request, known, stopped);
      const fresh = response.status === 401 ? await tokens.replace(known) : null;
      return fresh === null ? response : ask(request, fresh, stopped);
    });
  }

  async function ask(request: Request, credential: string, signal: AbortSignal): Promise<Response> {
    // A body can be sent once only.
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

/** What is read does no harm twice, and what has a key is done once. */
function isRepeatable({ method, headers }: Request): boolean {
  return method === "GET" || method === "HEAD" || headers.has("Idempotency-Key");
}

/** The same answer with all of its body, so that what breaks off does so while there are attempts left. */
async function complete(response: Response): Promise<Response> {
  if (!response.body || STREAMED.has(mediaType(response.headers.get("Content-Type")))) return response;
  return new Response(await response.arrayBuffer(), response);
}
