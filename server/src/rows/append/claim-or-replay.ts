/** In charge of keys that a request brings: each is free, or what was stored with it is the answer, or the request is refused. */
import type { CommonQueryMethods, DatabasePool } from "slonik";
import { selectChannelById } from "../../channels/queries/selectChannelById.ts";
import { ProblemError } from "../../problems/problem-error.ts";
import { type IdempotencyKey, stillRunning } from "./idempotency-key.ts";
import { type Claim, claimIdempotencyKeys } from "./queries/claimIdempotencyKeys.ts";
import type { RecordedOutcome } from "./queries/recorded-outcome.ts";
import { countIgnored, type StoredAppend } from "./stored-append.ts";

export type ClaimedKey =
  | { readonly kind: "free" }
  | { readonly kind: "replayed"; readonly stored: StoredAppend }
  | { readonly kind: "refused"; readonly problem: ProblemError };

/** Claims the keys until the transaction ends, and tells what became of each, in their order. */
export async function claimOrReplay(
  transaction: CommonQueryMethods,
  keys: readonly IdempotencyKey[],
): Promise<readonly ClaimedKey[]> {
  const claims = await claimIdempotencyKeys(
    transaction,
    keys.map(({ hash }) => hash),
  );
  const claimed: ClaimedKey[] = [];
  for (const [index, key] of keys.entries())
    claimed.push(await readClaim(transaction, key, claims[index] ?? { kind: "running" }));
  return claimed;
}

/** The same for a request of its own. @throws ProblemError when the request is refused. */
export async function claimOneOrReplay(
  transaction: CommonQueryMethods,
  key: IdempotencyKey,
): Promise<Exclude<ClaimedKey, { kind: "refused" }>> {
  const [claimed] = await claimOrReplay(transaction, [key]);
  if (!claimed) throw new Error("a key was neither claimed nor refused");
  if (claimed.kind === "refused") throw claimed.problem;
  return claimed;
}

/**
 * What was stored with the key of a request that cannot be planned any more: the columns may have been changed since. Null when the key is
 * free, or there is none.
 */
export async function findReplay(pool: DatabasePool, key: IdempotencyKey | null): Promise<StoredAppend | null> {
  if (!key) return null;
  const claimed = await pool.transaction((transaction) => claimOneOrReplay(transaction, key));
  return claimed.kind === "replayed" ? claimed.stored : null;
}

async function readClaim(transaction: CommonQueryMethods, { fingerprint }: IdempotencyKey, claim: Claim): Promise<ClaimedKey> {
  if (claim.kind === "running") return { kind: "refused", problem: stillRunning() };
  if (claim.kind === "free") return claim;
  if (!fingerprint.equals(claim.outcome.fingerprint)) return { kind: "refused", problem: keyReused() };
  return replay(transaction, claim.outcome);
}

async function replay(transaction: CommonQueryMethods, outcome: RecordedOutcome): Promise<ClaimedKey> {
  const channel = await selectChannelById(transaction, outcome.channel);
  if (!channel) {
    const detail = "The rows were stored, and the channel was deleted or emptied since.";
    return { kind: "refused", problem: new ProblemError("channel_not_found", detail) };
  }
  const written = {
    insertedRows: outcome.inserted_rows,
    report: {
      provided: outcome.provided_rows ?? outcome.inserted_rows,
      rejected: outcome.rejected_rows ?? 0,
      faults: outcome.faults ?? [],
    },
  };
  const stored = {
    ...written,
    channel,
    stats: { ...channel, row_count: outcome.available_rows },
    isCreated: outcome.is_created,
    requestedAt: outcome.requested_at,
    isReplayed: true,
    isReadable: outcome.schema_version === channel.schema_version && countIgnored(written) === 0,
  };
  return { kind: "replayed", stored };
}

function keyReused(): ProblemError {
  return new ProblemError(
    "idempotency_key_reused",
    "This key was sent with another body or to another path. Make a new key for each new request.",
  );
}
