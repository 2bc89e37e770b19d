import { sql } from "slonik";
import { z } from "zod";
import type { Operation } from "../contract/operation.ts";
import { LANES } from "../db/lane.ts";
import { ProblemError } from "../problems/problem-error.ts";

/** A database that takes longer is as good as gone. */
const PATIENCE_MS = 2_000;

export const getReadiness: Operation<"getReadiness"> = async (_request, { database, isDraining }) => {
  if (isDraining)
    throw new ProblemError("not_ready", "The server is about to stop.", {
      errors: [{ code: "draining", detail: "SIGTERM was received" }],
    });

  const timeout = AbortSignal.timeout(PATIENCE_MS);
  const reached = await Promise.all(
    LANES.map((lane) =>
      Promise.race([
        database.pools[lane].oneFirst(sql.type(z.object({ one: z.int() }))`select 1 as one`).then(
          () => true,
          () => false,
        ),
        new Promise<false>((resolve) => timeout.addEventListener("abort", () => resolve(false), { once: true })),
      ]),
    ),
  );
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
