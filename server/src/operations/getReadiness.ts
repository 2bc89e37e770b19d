import { setTimeout as sleep } from "node:timers/promises";
import { sql } from "slonik";
import { z } from "zod";
import type { Operation } from "../contract/operation.ts";
import { BusyError } from "../db/busy-error.ts";
import type { GatedPool } from "../db/gated-pool.ts";
import { LANES } from "../db/lane.ts";
import { ProblemError } from "../problems/problem-error.ts";

/** A database that takes longer is as good as gone. */
const PATIENCE_MS = 2_000;

export const getReadiness: Operation<"getReadiness"> = async (_request, { database, isDraining }) => {
  if (isDraining)
    throw new ProblemError("not_ready", "The server is about to stop.", {
      errors: [{ code: "draining", detail: "SIGTERM was received" }],
    });

  const reached = await Promise.all(LANES.map((lane) => isReached(database.pools[lane])));
  const unreached = LANES.filter((_lane, index) => !reached[index]);
  if (unreached.length > 0) {
    throw new ProblemError("not_ready", "The database cannot be reached.", {
      errors: unreached.map((lane) => ({
        code: "database_unreachable",
        detail: `the ${lane} lane got no answer within ${PATIENCE_MS} ms`,
      })),
    });
  }
  return { status: 200, body: { status: "ready" } };
};

const asking = new WeakMap<GatedPool, Promise<boolean>>();

/** Anybody may ask, and as often as they like: the database is asked once at a time. */
function isReached(pool: GatedPool): Promise<boolean> {
  const answer = asking.get(pool) ?? ask(pool).finally(() => asking.delete(pool));
  asking.set(pool, answer);
  return answer;
}

/** A lane that has no room for the question is reached all the same, as long as it answers others. */
async function ask(pool: GatedPool): Promise<boolean> {
  const asked = pool.oneFirst(sql.type(z.object({ one: z.int() }))`select 1 as one`).then(
    () => true,
    (error: unknown) => (error instanceof BusyError ? null : false),
  );
  const answer = await Promise.race([asked, sleep(PATIENCE_MS, null, { ref: false })]);
  return answer ?? pool.answeredWithin(PATIENCE_MS);
}
