/** In charge of what every append shares before it stores anything: rows read and checked. */
import type { OperationContext } from "../../contract/operation.ts";
import type { StoredChannel } from "../../channels/queries/channel-definition.ts";
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
