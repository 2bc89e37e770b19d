/** In charge of what came of an append, whether it was stored just now or by an earlier request with the same key. */
import type { ChannelStats, StoredChannel } from "../../channels/queries/channel-definition.ts";
import type { IdempotencyKey } from "./idempotency-key.ts";
import type { NewRecordedOutcome } from "./queries/recorded-outcome.ts";

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
export function toRecordedOutcome({ hash, fingerprint }: IdempotencyKey, written: WrittenAppend): NewRecordedOutcome {
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
