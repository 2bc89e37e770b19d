import type { Database } from "./database.ts";

/** What has to be done now and then, in steps of tens of milliseconds: the embedded database has nobody else to work meanwhile. */
export type JanitorTask = {
  readonly name: string;
  /** Does all there is to do, or as much as it can until it is to stop, and returns how many things it has freed. */
  readonly run: (pools: Database["pools"], stopping: AbortSignal) => Promise<number>;
};

/** Rows or keys that one step frees. */
export const STEP_ROWS = 10_000;
