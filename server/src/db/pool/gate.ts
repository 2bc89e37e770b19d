/**
 * In charge of how many use the connections of a database role at once: few wait for their turn, and not for long, and everybody else is turned away
 * at once. Slonik's own queue knows neither bound. No caller keeps the others out: whoever has fewest connections is next, and who finds
 * all places taken is given that of a caller who has several.
 */
import { BusyError } from "../errors.ts";
import { currentCaller } from "./caller.ts";

export type GateLimits = {
  readonly maxConcurrent: number;
  readonly maxWaiting: number;
  readonly acquireTimeoutMs: number;
};

/** How many are inside, waiting, or on their way. */
type Coming = {
  readonly total: number;
  /** Of the caller who is asked about. */
  readonly own: number;
  /** How many callers they are of. */
  readonly callers: number;
};

export type Gate = {
  /**
   * Does the work once there is room for it, for the current caller.
   *
   * @param signal ends the wait of a caller who has disconnected.
   * @throws BusyError, or the reason of the signal; then the work was not begun.
   */
  readonly pass: <T>(work: () => Promise<T>, signal?: AbortSignal) => Promise<T>;
  readonly waiting: () => number;
  /** Whether this caller would be turned away now, or would be by the time that they are here. */
  readonly isFull: (coming: Coming, caller: string) => boolean;
};

type Waiting = { readonly caller: string; readonly enter: () => void; readonly turnAway: (reason: unknown) => void };

export function createGate({ maxConcurrent, maxWaiting, acquireTimeoutMs }: GateLimits): Gate {
  /** In order of arrival. Not a set: what a long-lived set has forgotten lives on until the next full collection, with all that it refers to. */
  const waiting: Waiting[] = [];
  const placesOf = createCounter();
  const insideOf = createCounter();
  let inside = 0;

  const take = (place: number): Waiting | undefined => {
    const [taken] = place < 0 ? [] : waiting.splice(place, 1);
    if (taken) placesOf.add(taken.caller, -1);
    return taken;
  };

  /** Who has most places, if that is more than this caller would have with one more. */
  const findGreediest = (caller: string): string | null => {
    const [greediest, places] = placesOf.most();
    return greediest !== null && places > placesOf.of(caller) + 1 ? greediest : null;
  };

  const waitForTurn = async (caller: string, signal: AbortSignal | undefined): Promise<void> => {
    if (waiting.length >= maxWaiting) {
      const busy = new BusyError(`${waiting.length} wait for one of ${maxConcurrent} connections`);
      const greediest = findGreediest(caller);
      if (greediest === null) throw busy;
      take(waiting.findLastIndex((other) => other.caller === greediest))?.turnAway(busy);
    }
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const own: Waiting = { caller, enter: resolve, turnAway: reject };
    // Out of the line at once: a place that is handed to a caller who has left would be lost.
    const turnAway = (reason: unknown) => {
      take(waiting.indexOf(own));
      reject(reason);
    };
    const leave = () => turnAway(signal?.reason);
    const timer = setTimeout(
      () => turnAway(new BusyError(`none of ${maxConcurrent} connections was free for ${acquireTimeoutMs} ms`)),
      acquireTimeoutMs,
    );
    signal?.addEventListener("abort", leave, { once: true });
    waiting.push(own);
    placesOf.add(caller, 1);
    try {
      await promise;
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener("abort", leave);
    }
  };

  /** The first of those whose caller has fewest connections. */
  const findNext = (): number => {
    let next = -1;
    let fewest = Number.POSITIVE_INFINITY;
    for (let place = 0; place < waiting.length && fewest > 0; place++) {
      const count = insideOf.of(waiting[place]?.caller ?? "");
      if (count >= fewest) continue;
      next = place;
      fewest = count;
    }
    return next;
  };

  const letNextIn = () => {
    const next = take(findNext());
    // The place is handed over, so that nobody who comes at this moment can take it.
    if (!next) {
      inside -= 1;
      return;
    }
    insideOf.add(next.caller, 1);
    next.enter();
  };

  return {
    pass: async (work, signal) => {
      signal?.throwIfAborted();
      const caller = currentCaller();
      if (inside < maxConcurrent) {
        inside += 1;
        insideOf.add(caller, 1);
      } else await waitForTurn(caller, signal);
      try {
        return await work();
      } finally {
        insideOf.add(caller, -1);
        letNextIn();
      }
    },
    waiting: () => waiting.length,
    isFull: ({ total, own, callers }, caller) => {
      if (inside < maxConcurrent) return false;
      if (waiting.length >= maxWaiting && findGreediest(caller) === null) return true;
      const most = maxConcurrent + maxWaiting;
      // Of so many each caller has a share.
      return total >= most && own >= most / Math.max(callers, 1);
    },
  };
}

type Counter = {
  readonly add: (name: string, more: number) => void;
  readonly of: (name: string) => number;
  readonly most: () => readonly [string | null, number];
};

function createCounter(): Counter {
  const counts = new Map<string, number>();
  return {
    add: (name, more) => {
      const count = (counts.get(name) ?? 0) + more;
      if (count === 0) counts.delete(name);
      else counts.set(name, count);
    },
    of: (name) => counts.get(name) ?? 0,
    most: () => {
      let most: readonly [string | null, number] = [null, 0];
      for (const entry of counts) if (entry[1] > most[1]) most = entry;
      return most;
    },
  };
}
