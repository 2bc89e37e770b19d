/** In charge of work whose definition was changed by another request before the work was done. */
import { setTimeout as sleep } from "node:timers/promises";
import { SQLSTATE, sqlState } from "../db/sql-state.ts";
import { ProblemError } from "../problems/problem-error.ts";

/** Another request was quicker, and nothing was stored: everything has to be looked at anew. */
export const CONFLICT = { kind: "conflict" } as const;

export type Conflict = typeof CONFLICT;

/** So often a definition may change between reading it and storing rows by it. */
const MAX_ATTEMPTS = 10;

/** A change of a channel usually takes milliseconds. No connection is held while waiting for its end. */
const PAUSE_MS = 20;
const GIVE_UP_MS = 5_000;

/** @param attempt reads the channel and stores by it. Its argument is 1 at first. */
export async function retryOnConflict<T extends object>(attempt: (count: number) => Promise<T | Conflict>): Promise<T> {
  const end = performance.now() + GIVE_UP_MS;
  for (let count = 1; count <= MAX_ATTEMPTS && performance.now() < end;) {
    try {
      const result = await attempt(count);
      if (!isConflict(result)) return result;
      count++;
      // Many who change the same channel at once would else meet each other again and again.
      if (count > 2) await sleep(Math.random() * PAUSE_MS);
    } catch (error) {
      const state = sqlState(error);
      if (state === SQLSTATE.channelChanging) await sleep(PAUSE_MS);
      else if (state === SQLSTATE.channelChanged) count++;
      else throw error;
    }
  }
  throw new ProblemError("database_unavailable", "The channel kept changing at the same moment. Nothing was stored; try again.");
}

export function isConflict<T extends object>(result: T | Conflict): result is Conflict {
  return result === CONFLICT;
}
