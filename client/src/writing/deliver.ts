/** In charge of one batch until each of its rows is stored or given back. */
import { ApiError } from "../errors/api-error.ts";
import type { Fault } from "../errors/fault.ts";
import { isTransient } from "../errors/is-transient.ts";
import { NetworkError } from "../errors/network-error.ts";
import { SchemaDriftError } from "../errors/schema-drift-error.ts";
import { rowsJson } from "../json/to-json.ts";
import { backoffMs, pause } from "../retry/backoff.ts";
import { newIdempotencyKey } from "../retry/idempotency-key.ts";
import type { BatchWriterOptions } from "./batch-writer-options.ts";
import type { BufferedRow } from "./row-buffer.ts";

/** The channel that rows go to, and those who hear of them. */
export type Recipients<Row> = Pick<BatchWriterOptions<Row>, "onRejected" | "onRetry"> & {
  readonly append: (json: string, idempotencyKey: string, signal: AbortSignal) => Promise<void>;
};

/**
 * Sends rows until there is an answer. Those that are refused are given back and the others sent again; what is too much for one
 * request is sent in parts. A refused request has stored nothing, so that each of these is a request of its own, with its own key.
 *
 * @throws the reason of the signal, and what `onRejected` and `onRetry` throw.
 */
export async function deliver<Row>(
  rows: readonly BufferedRow<Row>[],
  recipients: Recipients<Row>,
  signal: AbortSignal,
): Promise<void> {
  for (let left = rows; left.length > 0; left = left.filter(({ state }) => state !== "settled")) {
    const error = await sendUntilAnswered(left, recipients, signal);
    if (error === null) {
      setState(left, "settled");
    } else if (isTooMuch(error) && left.length > 1) {
      await deliver(left.slice(0, Math.ceil(left.length / 2)), recipients, signal);
    } else {
      const faults = faultsByRow(error);
      const refused = left
        .map((row, index) => ({ row, faults: faults.get(index) }))
        .filter((each) => each.faults || faults.size === 0);
      setState(
        refused.map(({ row }) => row),
        "settled",
      );
      await recipients.onRejected(
        refused.map((each) => ({ row: each.row.row, faults: each.faults ?? [], mayBeStored: false })),
        error,
      );
    }
  }
}

/** Null when the rows are stored; otherwise what the service has against them. */
async function sendUntilAnswered<Row>(
  rows: readonly BufferedRow<Row>[],
  { append, onRetry }: Recipients<Row>,
  signal: AbortSignal,
): Promise<unknown> {
  const json = rowsJson(rows.map((row) => row.json));
  const key = newIdempotencyKey();
  for (let failures = 1; ; failures++) {
    setState(rows, "sent");
    try {
      await append(json, key, signal);
      return null;
    } catch (error) {
      signal.throwIfAborted();
      if (isRefusal(error)) {
        setState(rows, "waiting");
        return error;
      }
      onRetry?.(error, failures);
      const askedMs = error instanceof ApiError ? error.retryAfterMs : null;
      await pause((askedMs ?? 0) + backoffMs(failures), signal);
    }
  }
}

/** Everything else may be mended: the network, the service, and a function that gets tokens. */
function isRefusal(error: unknown): boolean {
  return (error instanceof ApiError && !isTransient(error)) || error instanceof SchemaDriftError || isTooMuch(error);
}

/** For the service, or for a proxy before it. */
function isTooMuch(error: unknown): boolean {
  if (error instanceof NetworkError) return error.status === 413;
  return error instanceof ApiError && (error.code === "body_too_large" || error.code === "too_many_chunks");
}

/** What is wrong with which row, by its place in the request; empty when the whole request is refused. */
function faultsByRow(error: unknown): Map<number, Fault[]> {
  const faults = new Map<number, Fault[]>();
  for (const fault of error instanceof ApiError ? error.errors : []) {
    const [, index, pointer = ""] = /^\/rows\/(\d+)(.*)$/.exec(fault.pointer ?? "") ?? [];
    if (index === undefined) continue;
    faults.set(Number(index), [...(faults.get(Number(index)) ?? []), { ...fault, pointer }]);
  }
  return faults;
}

function setState(rows: readonly BufferedRow<unknown>[], state: BufferedRow<unknown>["state"]): void {
  for (const row of rows) row.state = state;
}
