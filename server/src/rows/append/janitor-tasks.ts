/** In charge of what appends leave to the janitor. */
import { type JanitorTask, STEP_ROWS } from "../../db/janitor-task.ts";
import { forgetIdempotencyKeys } from "./queries/forgetIdempotencyKeys.ts";

/** Forgets the keys that are older than a day. */
export const forgetOldKeys = {
  name: "forget_idempotency_keys",
  run: async ({ admin }, stopping) => {
    let total = 0;
    for (let forgotten = STEP_ROWS; !stopping.aborted && forgotten === STEP_ROWS; total += forgotten) {
      forgotten = await forgetIdempotencyKeys(admin, STEP_ROWS);
    }
    return total;
  },
} as const satisfies JanitorTask;
