/** In charge of what came of an append, whether it was stored just now or by an earlier request with the same key. */
import type { ChannelStats, StoredChannel } from "../../channels/queries/channel-definition.ts";
import type { Fault } from "../../problems/fault.ts";
import type { IdempotencyKey } from "./idempotency-key.ts";
import type { PlannedBatch } from "./plan-append.ts";
import type { RowBatch } from "./row-batch.ts";
import type { NewRecordedOutcome } from "./queries/recorded-outcome.ts";

/** What is said of the rows of a request, besides how many were stored. */
export type RowReport = {
  readonly provided: number;
  readonly rejected: number;
  /** No more than an answer lists. */
  readonly faults: readonly Fault[];
};

export type WrittenAppend = {
  readonly channel: StoredChannel;
  /** As the commit left them, with the version of the definition by then. */
  readonly stats: ChannelStats & Pick<StoredChannel, "version">;
  readonly isCreated: boolean;
  readonly insertedRows: number;
  /** The rows that were stored, where others were ignored. */
  readonly kept?: RowBatch;
  readonly report: RowReport;
  /** What rows without a time got as theirs, in milliseconds since 1970. */
  readonly requestedAt: number;
};

export type StoredAppend = WrittenAppend & {
  readonly isReplayed: boolean;
  /**
   * Whether the rows of the request, read again, are those that were stored: the channel still has the columns by which they were read, and
   * none was ignored.
   */
  readonly isReadable: boolean;
};

/** A replay lists no more faults: each key is kept for a day. */
const MAX_RECORDED_FAULTS = 20;

/** Rows that were good, and left out. */
export function countIgnored({ report, insertedRows }: Pick<WrittenAppend, "report" | "insertedRows">): number {
  return report.provided - report.rejected - insertedRows;
}

export function toReport(planned: PlannedBatch | null): RowReport {
  return planned ?? { provided: 0, rejected: 0, faults: [] };
}

/** The faults that are recorded; null when there are none. */
export function toRecordedFaults({ faults }: RowReport): NewRecordedOutcome["faults"] {
  if (faults.length === 0) return null;
  return faults
    .slice(0, MAX_RECORDED_FAULTS)
    .map(({ pointer, code, detail }) => (pointer === undefined ? { code, detail } : { pointer, code, detail }));
}

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
    provided_rows: written.report.provided,
    rejected_rows: written.report.rejected,
    faults: toRecordedFaults(written.report),
    schema_version: written.channel.schema_version,
  };
}
