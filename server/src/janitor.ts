/** In charge of what has to be done now and then. The rooms bring the tasks, and each is done by itself: one that fails holds up no other. */
import { dropUnusedTables, purgeDeletedChannels, refreshStatistics } from "./channels/janitor-tasks.ts";
import type { Database } from "./db/database.ts";
import { forgetOldAttempts } from "./identity/users/janitor-tasks.ts";
import { startBackgroundLoop } from "./observation/background-loop.ts";
import type { Observe } from "./observation/observation.ts";
import { forgetOldKeys } from "./rows/append/janitor-tasks.ts";

const TASKS = [purgeDeletedChannels, dropUnusedTables, forgetOldKeys, forgetOldAttempts, refreshStatistics] as const;
const PAUSE_MS = 10_000;

export function startJanitor(pools: Database["pools"], observe: Observe): AsyncDisposable {
  return startBackgroundLoop({
    pauseMs: PAUSE_MS,
    round: async (stopping) => {
      const startedAt = performance.now();
      const freed = new Map<string, number>();
      for (const { name, run } of TASKS) {
        if (stopping.aborted) return;
        try {
          freed.set(name, await run(pools, stopping));
        } catch (error) {
          observe({ event: "cleaning_failed", task: name, error });
        }
      }
      if (freed.size < TASKS.length) return;
      observe({
        event: "cleaning_ended",
        durationMs: performance.now() - startedAt,
        purgedRows: freed.get(purgeDeletedChannels.name) ?? 0,
        forgottenKeys: freed.get(forgetOldKeys.name) ?? 0,
      });
    },
    onFailure: (error) => observe({ event: "cleaning_failed", task: "janitor", error }),
  });
}
