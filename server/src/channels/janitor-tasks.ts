/** In charge of what channels leave to the janitor. */
import { type JanitorTask, STEP_ROWS } from "../db/janitor-task.ts";
import { analyzeChannels } from "./queries/analyzeChannels.ts";
import { dropUnusedSeriesTable } from "./queries/dropUnusedSeriesTable.ts";
import { purgeDeleted } from "./queries/purgeDeleted.ts";

/** Frees the rows of deleted channels, which no request can see any more. */
export const purgeDeletedChannels = {
  name: "purge_deleted",
  run: async ({ admin }, stopping) => {
    let freed = 0;
    while (!stopping.aborted) {
      const step = await purgeDeleted(admin, STEP_ROWS);
      if (step.kind === "nothing_left") break;
      freed += step.rows;
    }
    return freed;
  },
} as const satisfies JanitorTask;

/** Drops series tables that no channel uses any more, once there are many: or nobody could have a new layout. */
export const dropUnusedTables = {
  name: "drop_unused_tables",
  run: async ({ admin }, stopping) => {
    let dropped = 0;
    while (!stopping.aborted && (await dropUnusedSeriesTable(admin))) dropped++;
    return dropped;
  },
} as const satisfies JanitorTask;

/** Keeps searches for channels fast. */
export const refreshStatistics = {
  name: "refresh_statistics",
  run: async ({ admin }) => {
    await analyzeChannels(admin);
    return 0;
  },
} as const satisfies JanitorTask;
