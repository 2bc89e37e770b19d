import type { AppendOptions } from "./append-options.ts";
import type { RejectedRow } from "./rejected-row.ts";

/**
 * How a `BatchWriter` gathers rows, and where those go that cannot be stored.
 *
 * @example
 * ```ts
 * import type { BatchWriterOptions } from "@kronicle/client";
 *
 * const options: BatchWriterOptions<{ temperature: number }> = {
 *   lingerMs: 200,
 *   onRejected: (rejected, error) => console.error(error, rejected),
 *   onRetry: (error, failures) => console.warn(`Failed ${failures} times, trying again:`, error),
 * };
 * console.log(options.lingerMs);
 * ```
 */
export type BatchWriterOptions<Row> = {
  /**
   * Is given the rows that will not be stored, and why: those that the service refuses, and, when `close` runs out of time, those
   * that are left. The next batch waits until what it returns settles. An error that it throws stops the writer: `write`, `flush` and
   * `close` throw it from then on.
   */
  readonly onRejected: (rejected: readonly RejectedRow<Row>[], error: unknown) => void | Promise<void>;
  /**
   * Is told of each time that a batch could not be delivered, after the retries of the client, and will be tried again: the error,
   * and how often in a row. Default: nobody is.
   */
  readonly onRetry?: ((error: unknown, failures: number) => void) | undefined;
  /** What becomes of rows whose time the channel has already, as for `append`. Default: `keep`. */
  readonly onSameTime?: AppendOptions["onSameTime"];
  /** Most rows of one request. Default: 5,000. */
  readonly maxRows?: number | undefined;
  /** Most bytes of one request, unless a single row has more. Default: 1,000,000, which most proxies let through. */
  readonly maxBytes?: number | undefined;
  /** How many milliseconds a row may wait for others. Default: 1,000. */
  readonly lingerMs?: number | undefined;
  /** How many rows are kept, those under way among them; beyond that `write` waits. Default: 50,000. */
  readonly maxBuffered?: number | undefined;
};
