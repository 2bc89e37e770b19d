/**
 * In charge of how many use the connections of a database role at once: few wait for their turn, and not for long, and everybody else is turned away
 * at once. Slonik's own queue knows neither bound.
 */
import { BusyError } from "../errors.ts";

export type GateLimits = {
  readonly maxConcurrent: number;
  readonly maxWaiting: number;
  readonly acquireTimeoutMs: number;
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

export function createGate({ maxConcurrent, maxWaiting, acquireTimeoutMs }: GateLimits): Gate {
  /** In order of arrival. Not a set: what a long-lived set has forgotten lives on until the next full collection, with all that it refers to. */
  const waiting: (() => void)[] = [];
  let inside = 0;

  const waitForTurn = async (signal: AbortSignal | undefined): Promise<void> => {
    if (waiting.length >= maxWaiting) throw new BusyError(`${waiting.length} wait for one of ${maxConcurrent} connections`);
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    // Out of the line at once: a place that is handed to somebody who has left would be lost.
    const turnAway = (reason: unknown) => {
      const place = waiting.indexOf(resolve);
      if (place >= 0) waiting.splice(place, 1);
      reject(reason);
    };
    const leave = () => turnAway(signal?.reason);
    const timer = setTimeout(
      () => turnAway(new BusyError(`none of ${maxConcurrent} connections was free for ${acquireTimeoutMs} ms`)),
      acquireTimeoutMs,
    );
    signal?.addEventListener("abort", leave, { once: true });
    waiting.push(resolve);
    try {
      await promise;
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener("abort", leave);
    }
  };

  const letNextIn = () => {
    const next = waiting.shift();
    // The place is handed over, so that nobody who comes at this moment can take it.
    if (next) next();
    else inside -= 1;
  };

  return {
    pass: async (work, signal) => {
      signal?.throwIfAborted();
      if (inside < maxConcurrent) inside += 1;
      else await waitForTurn(signal);
      try {
        return await work();
      } finally {
        letNextIn();
      }
    },
    waiting: () => waiting.length,
    isFull: (coming) => inside >= maxConcurrent && (waiting.length >= maxWaiting || coming >= maxConcurrent + maxWaiting),
  };
}
