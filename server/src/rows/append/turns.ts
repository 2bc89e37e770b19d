/** In charge of work that is done for one channel after the other, in this process: whoever waits holds no connection. */
import { BusyError } from "../../db/errors.ts";

/** Does the work once all that was given for this channel before is done. */
export type TakeTurn = <T>(channel: number, work: () => Promise<T>) => Promise<T>;

const MAX_WAITING_MS = 5_000;

export function createTurns(): TakeTurn {
  const latest = new Map<number, Promise<void>>();
  return async (channel, work) => {
    const before = latest.get(channel);
    const { promise, resolve } = Promise.withResolvers<void>();
    latest.set(channel, promise);
    const since = performance.now();
    try {
      await before;
      if (performance.now() - since > MAX_WAITING_MS) throw new BusyError("too many appends look for the times of one channel");
      return await work();
    } finally {
      resolve();
      if (latest.get(channel) === promise) latest.delete(channel);
    }
  };
}
