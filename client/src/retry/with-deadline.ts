/** In charge of deadlines: work stops when its time is up, or when the caller aborts it. */
import { TimeoutError } from "../errors/timeout-error.ts";

/** A timer can wait for 24 days; a longer one would fire at once. */
const MAX_TIMER_MS = 2 ** 31 - 1;

type Limits = {
  /** Beyond 24 days it is no limit. */
  readonly ms: number;
  readonly signal: AbortSignal | undefined;
  /** Of the TimeoutError. */
  readonly message: string;
};

/**
 * Settles as `work` does, or when it has to stop, whether it listens to its signal or not.
 *
 * @throws TimeoutError when the time is up.
 * @throws the reason of the caller's signal.
 */
export async function withDeadline<Result>(
  { ms, signal, message }: Limits,
  work: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  signal?.throwIfAborted();
  const limit = new AbortController();
  let stopFor!: (reason: unknown) => void;
  const stopped = new Promise<never>((_resolve, reject) => {
    stopFor = (reason) => {
      // By hand: in React Native a signal does not know why it was aborted.
      reject(reason);
      limit.abort(reason);
    };
  });
  const stop = () => stopFor(signal && "reason" in signal ? signal.reason : new Error("Aborted."));
  const timer = ms > MAX_TIMER_MS ? undefined : setTimeout(() => stopFor(new TimeoutError(message)), ms);
  signal?.addEventListener("abort", stop);
  try {
    return await Promise.race([work(limit.signal), stopped]);
  } finally {
    clearTimeout(timer);
    // The signal may live as long as the program, and would keep the listener as long.
    signal?.removeEventListener("abort", stop);
  }
}
