/**
 * In charge of what has to be done now and then, in small steps: freeing what nobody can see any more, which is rows of deleted channels,
 * keys older than a day and old attempts to sign in, and keeping searches for channels fast.
 */
import type { Database } from "./db/database.ts";
import { analyzeChannels } from "./channels/queries/analyzeChannels.ts";
import { forgetIdempotencyKeys } from "./rows/append/queries/forgetIdempotencyKeys.ts";
import { forgetSignInAttempts } from "./identity/users/queries/forgetSignInAttempts.ts";
import { purgeDeleted } from "./channels/queries/purgeDeleted.ts";
import type { Observe } from "./observation/observation.ts";

const PAUSE_MS = 10_000;
/** One step takes tens of milliseconds, for the embedded database has nobody else to work meanwhile. */
const STEP_ROWS = 10_000;

type Cleaned = { readonly purgedRows: number; readonly forgottenKeys: number };

export type Janitor = { readonly stop: () => Promise<void> };

export function startJanitor(pools: Database["pools"], observe: Observe): Janitor {
  const stopping = new AbortController();
  let timer: NodeJS.Timeout;
  let round = Promise.resolve();

  const schedule = () => {
    timer = setTimeout(() => {
      const startedAt = performance.now();
      const durationMs = () => performance.now() - startedAt;
      round = clean(pools, stopping.signal)
        .then(
          (done) => observe({ event: "cleaning_ended", durationMs: durationMs(), ...done }),
          (error: unknown) => observe({ event: "cleaning_failed", durationMs: durationMs(), error }),
        )
        .then(() => (stopping.signal.aborted ? undefined : schedule()));
    }, PAUSE_MS).unref();
  };
  schedule();
  return {
    stop: async () => {
      stopping.abort();
      clearTimeout(timer);
      await round;
    },
  };
}

async function clean({ admin, auth }: Database["pools"], signal: AbortSignal): Promise<Cleaned> {
  let [purgedRows, forgottenKeys] = [0, 0];
  for (let freed: number | null = 0; !signal.aborted && freed !== null; freed = await purgeDeleted(admin, STEP_ROWS))
    purgedRows += freed;
  for (let forgotten = STEP_ROWS; !signal.aborted && forgotten === STEP_ROWS; forgottenKeys += forgotten) {
    forgotten = await forgetIdempotencyKeys(admin, STEP_ROWS);
  }
  if (!signal.aborted) await forgetSignInAttempts(auth, "expired");
  if (!signal.aborted) await analyzeChannels(admin);
  return { purgedRows, forgottenKeys };
}
