import { setTimeout as sleep } from "node:timers/promises";
import type { Operation } from "../contract/operation.ts";
import { BusyError } from "../db/errors.ts";
import type { GatedPool } from "../db/pool/gated-pool.ts";
import { type DatabaseRole, DATABASE_ROLES } from "../config/database-role.ts";
import { isReadOnly } from "../db/queries/isReadOnly.ts";
import { ProblemError } from "../problems/problem-error.ts";

/** A database that takes longer is as good as gone. */
const ANSWER_TIMEOUT_MS = 2_000;

export const getReadiness: Operation<"getReadiness"> = async (_request, { database, stopping }) => {
  if (stopping.aborted)
    throw new ProblemError("not_ready", "The server is about to stop.", {
      errors: [{ code: "draining", detail: "SIGTERM was received" }],
    });

  const faults = await Promise.all(DATABASE_ROLES.map((role) => faultOf(role, database.pools[role])));
  const errors = faults.filter((fault) => fault !== null);
  if (errors.length > 0) throw new ProblemError("not_ready", "The database cannot do its work.", { errors });
  return { status: 200, body: { status: "ready" } };
};

async function faultOf(role: DatabaseRole, pool: GatedPool) {
  const state = await stateOf(pool);
  if (state === null) {
    return { code: "database_unreachable", detail: `the database role ${role} got no answer within ${ANSWER_TIMEOUT_MS} ms` };
  }
  // Readers may use a replica. The others would find out with their first write.
  const isMisled = state === "read-only" && role !== "reader";
  return isMisled ? { code: "database_read_only", detail: `the database role ${role} has reached a replica` } : null;
}

type State = "read-only" | "writable" | "busy" | null;

const asking = new WeakMap<GatedPool, Promise<State>>();

/** Anybody may ask, and as often as they like: the database is asked once at a time. */
function stateOf(pool: GatedPool): Promise<State> {
  const answer = asking.get(pool) ?? ask(pool).finally(() => asking.delete(pool));
  asking.set(pool, answer);
  return answer;
}

/** A pool that has no room for the question is reached all the same, as long as it answers others. */
async function ask(pool: GatedPool): Promise<State> {
  const asked = isReadOnly(pool).then(
    (readOnly): State => (readOnly ? "read-only" : "writable"),
    (error: unknown): State => (error instanceof BusyError ? "busy" : null),
  );
  const answer = await Promise.race([asked, sleep<State>(ANSWER_TIMEOUT_MS, "busy", { ref: false })]);
  return answer === "busy" && !pool.answeredWithin(ANSWER_TIMEOUT_MS) ? null : answer;
}
