import { setTimeout as sleep } from "node:timers/promises";
import type { Operation } from "../contract/operation.ts";
import { BusyError } from "../db/errors.ts";
import type { GatedPool } from "../db/pool/gated-pool.ts";
import { type DatabaseRole, DATABASE_ROLES } from "../config/database-role.ts";
import { tryRole } from "../db/queries/tryRole.ts";
import { sqlState } from "../db/sql-state.ts";
import { describeFaults } from "../problems/fault.ts";
import { ProblemError } from "../problems/problem-error.ts";

/** A database that takes longer is as good as gone. */
const ANSWER_TIMEOUT_MS = 2_000;

export const getReadiness: Operation<"getReadiness"> = async (_request, { database, stopping }) => {
  if (stopping.aborted)
    throw new ProblemError("not_ready", "The server is about to stop: SIGTERM was received.", {
      errors: [{ code: "draining", detail: "SIGTERM was received" }],
    });

  const faults = await Promise.all(DATABASE_ROLES.map((role) => faultOf(role, database.pools[role])));
  const lost = database.findFault();
  const errors = [
    ...faults.filter((fault) => fault !== null),
    ...(lost === null ? [] : [{ code: "data_directory_lost", detail: LOST }]),
  ];
  if (errors.length > 0)
    throw new ProblemError("not_ready", `The database cannot do its work: ${describeFaults(errors)}.`, { errors });
  return { status: 200, body: { status: "ready" } };
};

/** Anybody may ask, so where the directory is stays in the log of `kronicle doctor`. */
const LOST = "files of the embedded database are gone";

async function faultOf(role: DatabaseRole, pool: GatedPool) {
  const state = await stateOf(role, pool);
  if (state === null) {
    return { code: "database_unreachable", detail: `the database role ${role} got no answer within ${ANSWER_TIMEOUT_MS} ms` };
  }
  if (state === "failing") return { code: "database_failing", detail: `the database role ${role} cannot read its tables` };
  // Readers may use a replica. The others would find out with their first write.
  const isMisled = state === "read-only" && role !== "reader";
  return isMisled ? { code: "database_read_only", detail: `the database role ${role} has reached a replica` } : null;
}

/** `failing`: the database answers, and what it says is an error of its own. */
type State = "read-only" | "writable" | "busy" | "failing" | null;

const asking = new WeakMap<GatedPool, Promise<State>>();

/** Anybody may ask, and as often as they like: the database is asked once at a time. */
function stateOf(role: DatabaseRole, pool: GatedPool): Promise<State> {
  const answer = asking.get(pool) ?? ask(role, pool).finally(() => asking.delete(pool));
  asking.set(pool, answer);
  return answer;
}

/** A pool that has no room for the question is reached all the same, as long as it answers others. */
async function ask(role: DatabaseRole, pool: GatedPool): Promise<State> {
  const asked = tryRole(pool, role).catch((error: unknown): State => {
    if (error instanceof BusyError) return "busy";
    const state = sqlState(error);
    return state === null || concernsConnection(state) ? null : "failing";
  });
  const answer = await Promise.race([asked, sleep<State>(ANSWER_TIMEOUT_MS, "busy", { ref: false })]);
  return answer === "busy" && !pool.answeredWithin(ANSWER_TIMEOUT_MS) ? null : answer;
}

/** Classes 08 and 57: no connection, or a server that starts, stops or gives up. */
function concernsConnection(state: string): boolean {
  return /^(08|57)/.test(state);
}
