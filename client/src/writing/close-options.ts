import type { CallOptions } from "../lanes/call-options.ts";

/**
 * How long closing a `BatchWriter` may take.
 *
 * @example
 * ```ts
 * import type { CloseOptions } from "@kronicle/client";
 *
 * const patient: CloseOptions = { deadlineMs: 5 * 60_000 };
 * console.log(patient.deadlineMs);
 * ```
 */
export type CloseOptions = CallOptions & {
  /** Most milliseconds until every row is stored or given back; Infinity waits for ever. Default: 30,000. */
  readonly deadlineMs?: number | undefined;
};
