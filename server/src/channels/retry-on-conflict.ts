/** In charge of work that began with a definition which somebody else changed before it was done. */
import { setTimeout as sleep } from "node:timers/promises";
import { sqlState } from "../db/sql-state.ts";
import { ProblemError } from "../problems/problem-error.ts";

/** So often a definition may change between reading it and storing rows by it. */
const MAX_ATTEMPTS = 10;

/** A change of a channel usually takes milliseconds. No connection is held while waiting for its end. */
const PAUSE_MS = 20;
const PATIENCE_MS = 5_000;

/**
 * @param attempt reads the channel and stores by it; null when another writer was quicker, so that everything has to be looked at anew.
 * Its argument is 1 at first.
 */
export async function retryOnConflict<T>(attempt: (count: number) => Promise<T | null>): Promise<T> {
  const patientUntil = performance.now() + PATIENCE_MS;
  for (let count = 1; count <= MAX_ATTEMPTS && performance.now() < patientUntil;) {
    try {
      const result = await attempt(count);
      if (result !== null) return result;
      count++;
    } catch (error) {
      const state = sqlState(error);
      if (state === "KR003") await sleep(PAUSE_MS);
      else if (state === "KR002") count++;
      else throw error;
    }
  }
  throw new ProblemError("database_unavailable", "The channel kept changing at the same moment. Nothing was stored; try again.");
}
