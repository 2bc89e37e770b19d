/** In charge of what every append shares before it stores anything: rows read and checked. */
import type { OperationContext } from "../../contract/operation.ts";
import type { StoredChannel } from "../../channels/queries/channel-definition.ts";
import { describeFaults, MAX_FAULTS } from "../../problems/fault.ts";
import { instantOf } from "../../formats/instant.ts";
import { type BatchOutcome, batchRows, createRowBatcher, type RowBatch, type TimeRule } from "./row-batch.ts";
import { createCsvReader } from "./formats/csv.ts";
import { createNdjsonReader } from "./formats/ndjson.ts";
import type { RowLimits } from "./formats/text-rows.ts";
import { setImmediate as turn } from "node:timers/promises";
import { tooManyCells, tooManyRows } from "../../problems/common.ts";
import { ProblemError } from "../../problems/problem-error.ts";

type AppendBody =
  | { readonly contentType: "application/json"; readonly body: { readonly rows: readonly unknown[] } }
  | { readonly contentType: "application/x-ndjson" | "application/ndjson" | "text/csv"; readonly body: string };

/** How the rows of a request are judged. */
export type RowRules = {
  /** Whether one bad row refuses all. */
  readonly isStrict: boolean;
  readonly timeRule: TimeRule;
};

/** Rows of a file are of the past: one that has lost its time must not become one of now. */
export function rowRules(
  contentType: AppendBody["contentType"],
  query: { readonly strict?: boolean; readonly time?: "received"; readonly on_same_time?: "keep" | "ignore" },
): RowRules {
  const { strict = true, time, on_same_time: onSameTime = "keep" } = query;
  // Rows that get the time of their arrival all get the same.
  const mayLackTime = contentType === "application/json" && onSameTime === "keep";
  return { isStrict: strict, timeRule: time ?? (mayLackTime ? "optional" : "required") };
}

/** How many characters are read before others may do something: some milliseconds. */
const STEP_CHARACTERS = 16_384;

/** Programs put it in front of a text to say that it is UTF-8. */
const BYTE_ORDER_MARK = "\ufeff";

/** @throws ProblemError body_malformed, body_too_large */
export async function readAppendRows(
  { contentType, body }: AppendBody,
  { columns }: Pick<StoredChannel, "columns">,
  { isStrict, timeRule }: RowRules,
  limits: RowLimits,
): Promise<readonly unknown[]> {
  if (contentType === "application/json") return body.rows;
  const text = body.startsWith(BYTE_ORDER_MARK) ? body.slice(BYTE_ORDER_MARK.length) : body;
  const rules = { ...limits, isStrict, isTimeRequired: timeRule === "required" };
  const [name, reader] =
    contentType === "text/csv" ? ["CSV", createCsvReader(text, columns, rules)] : ["NDJSON", createNdjsonReader(text, rules)];
  for (;;) {
    const fault = reader.readTo(Math.min(reader.position + STEP_CHARACTERS, text.length));
    if (fault)
      throw new ProblemError("body_malformed", `The rows cannot be read as ${name}: ${fault.detail}.`, { errors: [fault] });
    if (reader.position >= text.length) break;
    await turn();
  }
  if (reader.rows.length === 0) throw new ProblemError("body_malformed", "The body holds no row; send at least one.");
  return reader.rows;
}

export type PlannedBatch = BatchOutcome & { readonly batch: RowBatch; readonly provided: number };

/** How many values are checked before others may do something. */
const STEP_CELLS = 20_000;

/**
 * @param time of arrival, in milliseconds since 1970.
 * @throws ProblemError row_invalid when a row is bad, or, if that is not strict, when none is good; body_too_large
 */
export async function planBatch(
  { columns }: Pick<StoredChannel, "columns">,
  rows: readonly unknown[],
  { isStrict, timeRule }: RowRules,
  time: number,
  { config }: OperationContext,
): Promise<PlannedBatch> {
  if (rows.length > config.maxRows) throw tooManyRows(config.maxRows);
  // An optional column takes its place in a row that says nothing of it, too.
  const cells = rows.length * (columns.length + 1);
  if (cells > config.maxCells) throw tooManyCells(config.maxCells);
  const limits = { timeRule, now: instantOf(time), latest: instantOf(time + config.maxAheadSeconds * 1000) };
  let outcome: BatchOutcome;
  if (cells <= STEP_CELLS) outcome = batchRows(columns, rows, limits, isStrict);
  else {
    const batcher = createRowBatcher(columns, limits, isStrict);
    const step = Math.ceil(STEP_CELLS / (columns.length + 1));
    for (let start = 0; start < rows.length; start += step) {
      batcher.add(rows, start, Math.min(start + step, rows.length));
      await turn();
    }
    outcome = batcher.outcome();
  }
  if (outcome.batch && (outcome.rejected === 0 || !isStrict)) return { ...outcome, batch: outcome.batch, provided: rows.length };

  const { faults } = outcome;
  // Past the limit they are not counted: there may be more.
  const others = faults.length < MAX_FAULTS ? `and ${faults.length - 1} more` : `and at least ${MAX_FAULTS - 1} more`;
  const named = describeFaults(faults.slice(0, 1));
  const detail = faults.length > 1 ? `${named}; ${others}` : named;
  throw new ProblemError("row_invalid", `${detail}. Nothing was stored.`, { errors: faults });
}
