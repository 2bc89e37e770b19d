/** In charge of what every append shares before it stores anything: rows read and checked, chunks bounded. */
import type { OperationContext } from "../../contract/operation.ts";
import type { CommonQueryMethods } from "slonik";
import type { StoredChannel } from "../../channels/queries/channel-definition.ts";
import { selectChunkDays } from "./queries/selectChunkDays.ts";
import { MAX_FAULTS } from "../../problems/fault.ts";
import { instantOf } from "../../formats/instant.ts";
import { type BatchOutcome, batchRows, type RowBatch } from "./row-batch.ts";
import { readCsv } from "./formats/csv.ts";
import { readNdjson } from "./formats/ndjson.ts";
import { ProblemError } from "../../problems/problem-error.ts";

type AppendBody =
  | { readonly contentType: "application/json"; readonly body: { readonly rows: readonly unknown[] } }
  | { readonly contentType: "application/x-ndjson" | "text/csv"; readonly body: string };

/** @throws ProblemError body_malformed */
export function readAppendRows(
  { contentType, body }: AppendBody,
  { columns }: Pick<StoredChannel, "columns">,
): readonly unknown[] {
  if (contentType === "application/json") return body.rows;
  const { rows, fault } = contentType === "text/csv" ? readCsv(body, columns) : readNdjson(body);
  if (fault) throw new ProblemError("body_malformed", `The rows cannot be read: ${fault.detail}.`, { errors: [fault] });
  if (rows.length === 0) throw new ProblemError("body_malformed", "The body holds no row; send at least one.");
  return rows;
}

export type PlannedBatch = BatchOutcome & { readonly batch: RowBatch; readonly provided: number };

/**
 * @param time of rows that bring none, in milliseconds since 1970.
 * @throws ProblemError row_invalid when a row is bad, or, if that is not strict, when none is good.
 */
export function planBatch(
  { columns }: Pick<StoredChannel, "columns">,
  rows: readonly unknown[],
  isStrict: boolean,
  time: number,
  { config }: OperationContext,
): PlannedBatch {
  const limits = { now: instantOf(time), latest: instantOf(time + config.maxAheadSeconds * 1000) };
  const outcome = batchRows(columns, rows, limits, isStrict);
  if (outcome.batch && (outcome.rejected === 0 || !isStrict)) return { ...outcome, batch: outcome.batch, provided: rows.length };

  const { faults } = outcome;
  const count =
    faults.length >= MAX_FAULTS ? `At least ${MAX_FAULTS} faults` : faults.length === 1 ? "1 fault" : `${faults.length} faults`;
  throw new ProblemError("row_invalid", `${count} in the rows; nothing was stored.`, { errors: faults });
}

/**
 * A chunk is a table with indexes of its own: thousands in one request would take the database's locks and slow it down for ever.
 *
 * @throws ProblemError too_many_chunks
 */
export async function checkChunks(
  connection: CommonQueryMethods,
  { chunk_days, table_name }: Pick<StoredChannel, "chunk_days" | "table_name">,
  batch: RowBatch,
  maxChunks: number,
): Promise<void> {
  if (batch.days.size <= maxChunks) return;
  const chunks = new Set([...batch.days].map((day) => Math.floor(day / chunk_days)));
  if (chunks.size <= maxChunks) return;
  for (const day of await selectChunkDays(connection, table_name)) chunks.delete(Math.floor(day / chunk_days));
  if (chunks.size <= maxChunks) return;
  throw new ProblemError(
    "too_many_chunks",
    `The rows would create ${chunks.size} storage chunks of ${chunk_days} days; one request may create ${maxChunks}. ` +
      `Sort them by time and send at most ${maxChunks * chunk_days} days at once, or create the channel with a sparser density.`,
  );
}
