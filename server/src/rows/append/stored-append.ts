/** In charge of what came of an append, whether it was stored just now or by an earlier request with the same key. */
import type { CommonQueryMethods, DatabasePool } from "slonik";
import type { ChannelStats, StoredChannel } from "../../channels/queries/channel-definition.ts";
import { type Claim, claimIdempotencyKeys } from "./queries/claimIdempotencyKeys.ts";
import type { NewRecordedOutcome, RecordedOutcome } from "./queries/recorded-outcome.ts";
import { selectChannelById } from "../../channels/queries/selectChannelById.ts";
import { fromDatabase, isConnectionLoss } from "../../problems/from-database.ts";
import { ProblemError } from "../../problems/problem-error.ts";
import type { IdempotencyKey } from "./idempotency-key.ts";

export type WrittenAppend = {
  readonly channel: StoredChannel;
  /** As the commit left them, with the version of the definition by then. */
  readonly stats: ChannelStats & Pick<StoredChannel, "version">;
  readonly isCreated: boolean;
  readonly insertedRows: number;
  /** What rows without a time got as theirs, in milliseconds since 1970. */
  readonly requestedAt: number;
};

export type StoredAppend = WrittenAppend & { readonly isReplayed: boolean };

/** What a later request with the key will need. */
export function toOutcome({ hash, fingerprint }: IdempotencyKey, written: WrittenAppend): NewRecordedOutcome {
  return {
    keyHash: hash,
    fingerprint,
    channel: written.channel.id,
    is_created: written.isCreated,
    inserted_rows: written.insertedRows,
    available_rows: written.stats.row_count,
    requested_at: written.requestedAt,
  };
}

export function stillRunning(): ProblemError {
  return new ProblemError(
    "idempotency_in_progress",
    "A request with this Idempotency-Key is still running. Wait, and repeat it.",
    {
      headers: { "Retry-After": "1" },
    },
  );
}

/**
 * The outcome to replay; null when the key is free.
 *
 * @throws ProblemError when another request has or had the key.
 */
export function readClaim({ fingerprint }: IdempotencyKey, { isClaimed, outcome }: Claim): RecordedOutcome | null {
  if (!isClaimed) throw stillRunning();
  if (!outcome || fingerprint.equals(outcome.fingerprint)) return outcome;
  throw new ProblemError(
    "idempotency_key_reused",
    "This key was sent with another body or to another path. Make a new key for each new request.",
  );
}

export async function replay(connection: CommonQueryMethods, outcome: RecordedOutcome): Promise<StoredAppend> {
  const channel = await selectChannelById(connection, outcome.channel);
  if (!channel)
    throw new ProblemError("channel_not_found", "The rows were stored, and the channel was deleted or emptied since.");
  return {
    channel,
    stats: { ...channel, row_count: outcome.available_rows },
    isCreated: outcome.is_created,
    insertedRows: outcome.inserted_rows,
    requestedAt: outcome.requested_at,
    isReplayed: true,
  };
}

/**
 * What came of an append that ended with this error. When the connection was lost, it may have been stored: with a key that is looked up.
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
  const stored = await lookUp(pool, key);
  if (stored) return stored;
  throw new ProblemError("database_unavailable", "The database went away before it had stored anything. Try again.", {
    cause: error,
  });
}

/** Null when nothing was stored with the key, and nothing of it can still be: then nobody else has it claimed. */
async function lookUp(pool: DatabasePool, key: IdempotencyKey): Promise<StoredAppend | null> {
  try {
    return await pool.transaction(async (transaction) => {
      const [claim] = await claimIdempotencyKeys(transaction, [key.hash]);
      const seen = readClaim(key, claim ?? { isClaimed: false, outcome: null });
      return seen && (await replay(transaction, seen));
    });
  } catch (error) {
    if (!fromDatabase(error)) throw error;
    const detail =
      "The database went away while it stored the rows, and is not back. Repeat the request with the same Idempotency-Key: that is safe.";
    throw new ProblemError("outcome_unknown", detail, { cause: error });
  }
}
