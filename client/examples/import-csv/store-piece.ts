/** In charge of one piece of a file: one request, which may be sent again. */
import { type ChannelDefinition, type ChannelWriter, isApiError, type NewRow } from "@kronicle/client";

type Outcome = {
  readonly stored: number;
  /** Whether an earlier run had stored them already. */
  readonly isReplay: boolean;
  readonly refused: number;
  /** What is wrong with those that were refused, the first 100 of them; a pointer starts with `/rows/` and the place of the row. */
  readonly faults: readonly { readonly pointer: string; readonly detail: string }[];
};

/**
 * Stores the good rows. With the key of an earlier request that has stored them, it stores nothing and gives the outcome of then.
 *
 * @throws KronicleError when the service refuses the whole, or stays out of reach.
 */
export async function storePiece(
  channel: ChannelWriter<ChannelDefinition>,
  rows: readonly NewRow<ChannelDefinition>[],
  idempotencyKey: string,
): Promise<Outcome> {
  try {
    const { op_details, replayed } = await channel.append(rows, { idempotencyKey, strict: false });
    const { inserted_rows, rejected_rows, details } = op_details;
    const faults = details.map(({ subfield = "", message }) => ({ pointer: subfield, detail: message }));
    return { stored: inserted_rows, isReplay: replayed, refused: rejected_rows, faults };
  } catch (error) {
    if (!isApiError(error, "row_invalid")) throw error;
    // There is not one good row among them.
    const faults = error.errors.map(({ pointer = "", detail }) => ({ pointer, detail }));
    return { stored: 0, isReplay: false, refused: rows.length, faults };
  }
}
