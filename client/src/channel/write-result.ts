import type { components } from "../schema.generated.ts";
import type { Channel } from "./channel.ts";

/**
 * What a write did (`op_status`, `op_details`), with the channel as of its commit.
 *
 * @see `WriteResult` in the contract.
 *
 * @example
 * ```ts
 * import type { WriteResult } from "@kronicle/client";
 *
 * const summary = ({ op_details }: WriteResult) => `${op_details.inserted_rows} of ${op_details.provided_rows} rows stored`;
 * ```
 */
export type WriteResult = Channel &
  Pick<components["schemas"]["WriteResult"], "op_status" | "op_details"> & {
    /** Whether the idempotency key was seen before, so that nothing was stored now and this is the outcome of then. */
    replayed: boolean;
  };
