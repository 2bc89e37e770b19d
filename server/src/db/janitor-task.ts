import type { Database } from "./database.ts";

/** Work that is due now and then, in steps of tens of milliseconds: on its one session the embedded database does nothing else meanwhile. */
export type JanitorTask = {
  readonly name: string;
  /** Does all there is to do, or as much as it can until it is to stop, and returns how many things it has freed. */
  readonly run: (pools: Database["pools"], stopping: AbortSignal) => Promise<number>;
};

/** Rows or keys that one step frees. */
export const STEP_ROWS = 10_000;
