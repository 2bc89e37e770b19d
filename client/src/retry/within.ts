/** In charge of work that has to stop: when its time is up, or when the caller wants it no more. */
import { TimeoutError } from "../errors/timeout-error.ts";

/** The longest that a timer can wait, 24 days; a longer one would fire at once. */
const MOST_MS = 2 ** 31 - 1;

type Limits = {
  /** Beyond 24 days it is no limit. */
  readonly ms: number;
  readonly signal: AbortSignal | undefined;
  /** Says that the time was up. */
  readonly message: string;
};

/**
 * Settles as `work` does, or when it has to stop, whether it listens to its signal or not.
 *
 * @throws TimeoutError when the time is up.
 * @throws the reason of the caller's signal.
 */
export async function within<Result>(
  { ms, signal, message }: Limits,
  work: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  signal?.throwIfAborted();
  const limit = new AbortController();
  const stop = () => limit.abort(signal?.reason);
  const timer = ms > MOST_MS ? undefined : setTimeout(() => limit.abort(new TimeoutError(message)), ms);
  signal?.addEventListener("abort", stop);
  try {
    return await Promise.race([work(limit.signal), rejectionOf(limit.signal)]);
  } finally {
    clearTimeout(timer);
    // A signal may live as long as the program.
    signal?.removeEventListener("abort", stop);
  }
}

function rejectionOf(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason));
  });
}
