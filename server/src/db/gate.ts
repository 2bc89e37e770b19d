/**
 * In charge of how many use a lane's connections at once: few wait for their turn, and not for long, and everybody else is turned away
 * at once. Slonik's own queue knows neither bound.
 */
import { BusyError } from "./busy-error.ts";

export type GateLimits = {
  readonly atOnce: number;
  readonly mostWaiting: number;
  readonly patienceMs: number;
};

export type Gate = {
  /**
   * Does the work once there is room for it.
   *
   * @param signal ends the wait of somebody who has gone.
   * @throws BusyError, or the reason of the signal; then the work was not begun.
   */
  readonly pass: <T>(work: () => Promise<T>, signal?: AbortSignal) => Promise<T>;
  readonly waiting: () => number;
  /**
   * Whether somebody who came now would be turned away, or would be by the time they are here.
   *
   * @param coming how many are inside, waiting, or on their way.
   */
  readonly isFull: (coming: number) => boolean;
};

export function createGate({ atOnce, mostWaiting, patienceMs }: GateLimits): Gate {
  /** In order of arrival. */
  const waiting = new Set<() => void>();
  let inside = 0;

  const waitForTurn = async (signal: AbortSignal | undefined): Promise<void> => {
    if (waiting.size >= mostWaiting) throw new BusyError(`${waiting.size} wait for one of ${atOnce} connections`);
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    // Out of the line at once: a place that is handed to somebody who has left would be lost.
    const turnAway = (reason: unknown) => {
      waiting.delete(resolve);
      reject(reason);
    };
    const leave = () => turnAway(signal?.reason);
    const timer = setTimeout(
      () => turnAway(new BusyError(`none of ${atOnce} connections was free for ${patienceMs} ms`)),
      patienceMs,
    );
    signal?.addEventListener("abort", leave, { once: true });
    waiting.add(resolve);
    try {
      await promise;
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener("abort", leave);
    }
  };

  const letNextIn = () => {
    const [next] = waiting;
    if (!next) {
      inside -= 1;
      return;
    }
    // The place is handed over, so that nobody who comes at this moment can take it.
    waiting.delete(next);
    next();
  };

  return {
    pass: async (work, signal) => {
      signal?.throwIfAborted();
      if (inside < atOnce) inside += 1;
      else await waitForTurn(signal);
      try {
        return await work();
      } finally {
        letNextIn();
      }
    },
    waiting: () => waiting.size,
    isFull: (coming) => inside >= atOnce && (waiting.size >= mostWaiting || coming >= atOnce + mostWaiting),
  };
}
