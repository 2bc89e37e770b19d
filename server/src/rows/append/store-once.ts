/** In charge of storing in a transaction of its own, and with an Idempotency-Key only once. */
import type { CommonQueryMethods, DatabasePool } from "slonik";
import { type Conflict, isConflict } from "../../channels/retry-on-conflict.ts";
import { claimOneOrReplay } from "./claim-or-replay.ts";
import type { IdempotencyKey } from "./idempotency-key.ts";
import { insertRecordedOutcome } from "./queries/insertRecordedOutcome.ts";
import { resolveFailure } from "./resolve-failure.ts";
import { type StoredAppend, toRecordedOutcome, type WrittenAppend } from "./stored-append.ts";

/** A conflict means that nothing was written. */
export type Write = (transaction: CommonQueryMethods) => Promise<WrittenAppend | Conflict>;

export async function storeOnce(pool: DatabasePool, key: IdempotencyKey | null, write: Write): Promise<StoredAppend | Conflict> {
  try {
    return await pool.transaction((transaction) => (key ? storeByKey(transaction, key, write) : store(transaction, write)));
  } catch (error) {
    return resolveFailure(pool, key, error);
  }
}

async function storeByKey(transaction: CommonQueryMethods, key: IdempotencyKey, write: Write): Promise<StoredAppend | Conflict> {
  const claimed = await claimOneOrReplay(transaction, key);
  if (claimed.kind === "replayed") return claimed.stored;
  const stored = await store(transaction, write);
  if (!isConflict(stored)) await insertRecordedOutcome(transaction, toRecordedOutcome(key, stored));
  return stored;
}

async function store(transaction: CommonQueryMethods, write: Write): Promise<StoredAppend | Conflict> {
  const written = await write(transaction);
  return isConflict(written) ? written : { ...written, isReplayed: false, isReadable: true };
}
