/** In charge of one piece of a file, until each of its rows is stored, once, or refused. */
import { type ChannelDefinition, type ChannelWriter, type Fault, isApiError, type NewRow } from "@kronicle/client";

type NumberedRow = { readonly line: number; readonly row: NewRow<ChannelDefinition> };

type Refusal = { readonly line: number; readonly fault: Fault };

type Outcome = {
  readonly stored: number;
  /** How many of those had been stored before, by an earlier run. */
  readonly replayed: number;
  readonly refused: readonly Refusal[];
};

/**
 * Each request has a key that depends on the file alone, so that a second run of the import stores nothing twice.
 *
 * @throws KronicleError when the service refuses the whole, or stays out of reach.
 */
export async function storePiece(
  channel: ChannelWriter<ChannelDefinition>,
  rows: readonly NumberedRow[],
  key: string,
): Promise<Outcome> {
  if (rows.length === 0) return { stored: 0, replayed: 0, refused: [] };
  try {
    const written = await channel.append(
      rows.map(({ row }) => row),
      { idempotencyKey: key },
    );
    const stored = written.op_details.inserted_rows;
    return { stored, replayed: written.replayed ? stored : 0, refused: [] };
  } catch (error) {
    const faults = faultsByRow(isApiError(error, "row_invalid") ? error.errors : []);
    if (faults.size > 0) {
      const good = rows.filter((_row, index) => !faults.has(index));
      const refused = [...faults].map(([index, fault]) => ({ line: rows[index]?.line ?? NaN, fault }));
      return add({ stored: 0, replayed: 0, refused }, await storePiece(channel, good, `${key} good`));
    }
    const isTooMuch = isApiError(error, "too_many_chunks") || isApiError(error, "body_too_large");
    if (!isTooMuch || rows.length === 1) throw error;
    const middle = Math.ceil(rows.length / 2);
    const first = await storePiece(channel, rows.slice(0, middle), `${key} a`);
    return add(first, await storePiece(channel, rows.slice(middle), `${key} b`));
  }
}

/** The first fault of each row, by the place of the row in the request. */
function faultsByRow(errors: readonly Fault[]): Map<number, Fault> {
  const faults = new Map<number, Fault>();
  for (const fault of errors) {
    const [, index] = /^\/rows\/(\d+)/.exec(fault.pointer ?? "") ?? [];
    if (index !== undefined && !faults.has(Number(index))) faults.set(Number(index), fault);
  }
  return faults;
}

function add(one: Outcome, other: Outcome): Outcome {
  return {
    stored: one.stored + other.stored,
    replayed: one.replayed + other.replayed,
    refused: [...one.refused, ...other.refused],
  };
}
