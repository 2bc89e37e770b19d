/**
 * In charge of what has to be done now and then, in small steps: freeing what nobody can see any more, which is rows of deleted channels,
 * keys older than a day and old attempts to sign in, and keeping searches for channels fast.
 */
import type { Database } from "./db/database.ts";
import { analyzeChannels } from "./db/queries/analyzeChannels.ts";
import { forgetIdempotencyKeys } from "./db/queries/forgetIdempotencyKeys.ts";
import { forgetSignInAttempts } from "./db/queries/forgetSignInAttempts.ts";
import { purgeDeleted } from "./db/queries/purgeDeleted.ts";
import type { Logger } from "./logger.ts";

const PAUSE_MS = 10_000;
/** One step takes tens of milliseconds, for the embedded database has nobody else to work meanwhile. */
const STEP_ROWS = 10_000;

export type Janitor = { readonly stop: () => Promise<void> };

export function startJanitor(pools: Database["pools"], log: Logger): Janitor {
  const stopping = new AbortController();
  let timer: NodeJS.Timeout;
  let round = Promise.resolve();

  const schedule = () => {
    timer = setTimeout(() => {
      round = clean(pools, stopping.signal)
        .catch((error: unknown) => log.warn({ err: error }, "cleaning failed; it is tried again"))
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

async function clean({ admin, auth }: Database["pools"], signal: AbortSignal): Promise<void> {
  while (!signal.aborted && (await purgeDeleted(admin, STEP_ROWS)) !== null);
  while (!signal.aborted && (await forgetIdempotencyKeys(admin, STEP_ROWS)) === STEP_ROWS);
  if (!signal.aborted) await forgetSignInAttempts(auth, "expired");
  if (!signal.aborted) await analyzeChannels(admin);
}
