/** In charge of storing in a transaction of its own, and with an Idempotency-Key only once. */
import type { CommonQueryMethods, DatabasePool } from "slonik";
import { claimIdempotencyKeys } from "./queries/claimIdempotencyKeys.ts";
import { insertRecordedOutcome } from "./queries/insertRecordedOutcome.ts";
import type { IdempotencyKey } from "./idempotency-key.ts";
import {
  readClaim,
  replay,
  resolveFailure,
  stillRunning,
  type StoredAppend,
  toOutcome,
  type WrittenAppend,
} from "./stored-append.ts";

/** @param write returns null, and has written nothing, when somebody else was quicker. */
export async function storeOnce(
  pool: DatabasePool,
  key: IdempotencyKey | null,
  write: (connection: CommonQueryMethods) => Promise<WrittenAppend | null>,
): Promise<StoredAppend | null> {
  try {
    return await pool.transaction((transaction) => (key ? storeByKey(transaction, key, write) : store(transaction, write)));
  } catch (error) {
    return resolveFailure(pool, key, error);
  }
}

async function store(
  transaction: CommonQueryMethods,
  write: (connection: CommonQueryMethods) => Promise<WrittenAppend | null>,
): Promise<StoredAppend | null> {
  const written = await write(transaction);
  return written && { ...written, isReplayed: false };
}

async function storeByKey(
  transaction: CommonQueryMethods,
  key: IdempotencyKey,
  write: (connection: CommonQueryMethods) => Promise<WrittenAppend | null>,
): Promise<StoredAppend | null> {
  const [claim] = await claimIdempotencyKeys(transaction, [key.hash]);
  if (!claim) throw stillRunning();
  const seen = readClaim(key, claim);
  if (seen) return replay(transaction, seen);
  const stored = await store(transaction, write);
  if (stored) await insertRecordedOutcome(transaction, toOutcome(key, stored));
  return stored;
}
