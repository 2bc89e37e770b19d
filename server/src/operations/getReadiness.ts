import type { DatabasePool } from "slonik";
import type { Operation } from "../contract/operation.ts";
import { type Lane, LANES } from "../db/lane.ts";
import { isReadOnly } from "../db/queries/isReadOnly.ts";
import { ProblemError } from "../problems/problem-error.ts";

/** A database that takes longer is as good as gone. */
const PATIENCE_MS = 2_000;

export const getReadiness: Operation<"getReadiness"> = async (_request, { database, isDraining }) => {
  if (isDraining)
    throw new ProblemError("not_ready", "The server is about to stop.", {
      errors: [{ code: "draining", detail: "SIGTERM was received" }],
    });

  const timeout = AbortSignal.timeout(PATIENCE_MS);
  const faults = await Promise.all(LANES.map((lane) => faultOf(lane, database.pools[lane], timeout)));
  const errors = faults.filter((fault) => fault !== null);
  if (errors.length > 0) throw new ProblemError("not_ready", "The database cannot do its work.", { errors });
  return { status: 200, body: { status: "ready" } };
};

async function faultOf(lane: Lane, pool: DatabasePool, timeout: AbortSignal) {
  const readOnly = await Promise.race([
    isReadOnly(pool).catch(() => null),
    new Promise<null>((resolve) => timeout.addEventListener("abort", () => resolve(null), { once: true })),
  ]);
  if (readOnly === null) {
    return { code: "database_unreachable", detail: `the ${lane} lane got no answer within ${PATIENCE_MS} ms` };
  }
  // Readers may use a replica. The others would find out with their first write.
  return readOnly && lane !== "reader" ? { code: "database_read_only", detail: `the ${lane} lane has reached a replica` } : null;
}
