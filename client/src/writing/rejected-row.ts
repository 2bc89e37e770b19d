import type { Fault } from "../errors/fault.ts";

/**
 * A row that a `BatchWriter` gives back, because it will not be stored or is out of time.
 *
 * @example
 * ```ts
 * import type { RejectedRow } from "@kronicle/client";
 *
 * const describe = <Row>({ row, faults, mayBeStored }: RejectedRow<Row>) =>
 *   `${JSON.stringify(row)}: ${faults.map(({ pointer, detail }) => `${pointer ?? ""} ${detail}`).join()}${mayBeStored ? " (?)" : ""}`;
 * console.log(describe({ row: { temperature: 1e9 }, faults: [], mayBeStored: false }));
 * ```
 */
export type RejectedRow<Row> = {
  /** The object that `write` was given. */
  readonly row: Row;
  /** What the service found wrong with it, each `pointer` relative to the row; empty when the error says it all. */
  readonly faults: readonly Fault[];
  /** Whether it was sent and the answer is not known, which is only so when the writer had to stop. */
  readonly mayBeStored: boolean;
};
