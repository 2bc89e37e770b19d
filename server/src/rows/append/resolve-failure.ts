/** In charge of an append during which the connection to the database was lost: it may have been stored, and a key can tell. */
import type { DatabasePool } from "slonik";
import { fromDatabase, isConnectionLoss } from "../../problems/from-database.ts";
import { ProblemError } from "../../problems/problem-error.ts";
import { type ClaimedKey, claimOneOrReplay } from "./claim-or-replay.ts";
import type { IdempotencyKey } from "./idempotency-key.ts";
import type { StoredAppend } from "./stored-append.ts";

/**
 * What came of an append that ended with this error.
 *
 * @throws the error, or ProblemError outcome_unknown, or idempotency_in_progress while the database still works on it.
 */
export async function resolveFailure(pool: DatabasePool, key: IdempotencyKey | null, error: unknown): Promise<StoredAppend> {
  if (!isConnectionLoss(error)) throw error;
  if (!key) {
    const detail =
      "The database went away while it stored the rows. Read the channel before you send them again, or use an Idempotency-Key.";
    throw new ProblemError("outcome_unknown", detail, { cause: error });
  }
  const found = await lookUp(pool, key);
  if (found.kind === "replayed") return found.stored;
  throw new ProblemError("database_unavailable", "The database went away before it had stored anything. Try again.", {
    cause: error,
  });
}

/** A free key means that nothing was stored with it, and that no statement is still at it: that one would have it claimed. */
async function lookUp(pool: DatabasePool, key: IdempotencyKey): Promise<Exclude<ClaimedKey, { kind: "refused" }>> {
  try {
    return await pool.transaction((transaction) => claimOneOrReplay(transaction, key));
  } catch (error) {
    if (!fromDatabase(error)) throw error;
    const detail =
      "The database went away while it stored the rows, and is not back. Repeat the request with the same Idempotency-Key: that is safe.";
    throw new ProblemError("outcome_unknown", detail, { cause: error });
  }
}
