/** In charge of storing in a transaction of its own, and with an Idempotency-Key only once. */
import type { CommonQueryMethods, DatabasePool } from "slonik";
import { claimKeys } from "./queries/claimKeys.ts";
import { insertOutcome } from "./queries/insertOutcome.ts";
import type { RequestKey } from "./request-key.ts";
import { readClaim, replay, resolveFailure, stillRunning, type Stored, toOutcome, type Written } from "./stored.ts";

/** @param write returns null, and has written nothing, when somebody else was quicker. */
export async function storeOnce(
  pool: DatabasePool,
  key: RequestKey | null,
  write: (connection: CommonQueryMethods) => Promise<Written | null>,
): Promise<Stored | null> {
  try {
    return await pool.transaction((transaction) => (key ? storeByKey(transaction, key, write) : store(transaction, write)));
  } catch (error) {
    return resolveFailure(pool, key, error);
  }
}

async function store(
  transaction: CommonQueryMethods,
  write: (connection: CommonQueryMethods) => Promise<Written | null>,
): Promise<Stored | null> {
  const written = await write(transaction);
  return written && { ...written, isReplayed: false };
}

async function storeByKey(
  transaction: CommonQueryMethods,
  key: RequestKey,
  write: (connection: CommonQueryMethods) => Promise<Written | null>,
): Promise<Stored | null> {
  const [claim] = await claimKeys(transaction, [key.hash]);
  if (!claim) throw stillRunning();
  const seen = readClaim(key, claim);
  if (seen) return replay(transaction, seen);
  const stored = await store(transaction, write);
  if (stored) await insertOutcome(transaction, toOutcome(key, stored));
  return stored;
}
