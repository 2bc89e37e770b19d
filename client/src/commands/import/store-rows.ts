/** In charge of the rows of a file on their way: piece by piece, each under a key that says what it is. */
import { createHash } from "node:crypto";
import type { ChannelDefinition } from "../../channel/channel-definition.ts";
import { isApiError } from "../../errors/is-api-error.ts";
import { toJson } from "../../json/to-json.ts";
import type { ChannelWriter } from "../../lanes/channel-writer.ts";
import { encodeRows } from "../../request/encode-rows.ts";
import type { Density, OnSameTime } from "./import-options.ts";
import type { FileRow } from "./to-row.ts";

export type FileLine = { readonly line: number; readonly cells: readonly string[]; readonly row: FileRow };
type Refused = { readonly line: FileLine; readonly fault: string };

export type PieceOutcome = {
  readonly stored: number;
  /** Left out, for the channel has rows of their times. */
  readonly ignored: number;
  /** Whether an earlier run had stored them already. */
  readonly isReplay: boolean;
  readonly refused: readonly Refused[];
  /** How many more were refused, of which the service does not say which. */
  readonly unnamed: number;
};

type Destination = {
  readonly channel: ChannelWriter<ChannelDefinition>;
  readonly id: string;
  readonly definition: ChannelDefinition;
  /** Left out, nothing is said of it, for a service that does not know it. */
  readonly onSameTime: OnSameTime | undefined;
};

/** Large enough for good speed, small enough for progress to be seen. */
const PIECE_ROWS = 2_000;
/** A request may have 32 MiB, and JSON is larger than what it holds. */
const PIECE_CHARACTERS = 4_000_000;
/** One request may create 64 chunks of storage. */
const PIECE_CHUNKS = 30;
const CHUNK_DAYS = { dense: 1, normal: 30, sparse: 3_650 } as const;
const DAY_MS = 86_400_000;

/** Cuts the same lines in the same way each time. */
export class Pieces {
  readonly #chunkMs: number;
  #lines: FileLine[] = [];
  #chunks = new Set<number>();
  #characters = 0;

  constructor(density: Density) {
    this.#chunkMs = CHUNK_DAYS[density] * DAY_MS;
  }

  /** Gives back what is full, without the line. */
  add(line: FileLine): readonly FileLine[] | null {
    const chunk = Math.floor(Date.parse(line.row.time) / this.#chunkMs);
    const isFull =
      this.#lines.length === PIECE_ROWS ||
      this.#characters >= PIECE_CHARACTERS ||
      (this.#chunks.size === PIECE_CHUNKS && !this.#chunks.has(chunk));
    const full = isFull ? this.take() : null;
    this.#characters += line.cells.reduce((sum, cell) => sum + cell.length, 0);
    this.#lines.push(line);
    this.#chunks.add(chunk);
    return full;
  }

  take(): readonly FileLine[] {
    const taken = this.#lines;
    this.#lines = [];
    this.#chunks = new Set();
    this.#characters = 0;
    return taken;
  }
}

/** Stores pieces; what was stored under the same key within a day is not stored again. */
export function createStore({
  channel,
  id,
  definition,
  onSameTime,
}: Destination): (lines: readonly FileLine[]) => Promise<PieceOutcome> {
  const seen = new Map<string, number>();
  return async (lines) => {
    const rows = lines.map(({ row }) => row);
    const digest = createHash("sha256")
      .update(toJson({ rows: encodeRows(definition, rows) }))
      .digest("hex");
    // The same rows may be in a file twice, and are then meant to be stored twice.
    const times = seen.get(digest) ?? 0;
    seen.set(digest, times + 1);
    try {
      const idempotencyKey = `import ${digest} to ${id}, ${times}${onSameTime === undefined ? "" : `, ${onSameTime}`}`;
      const { op_details, replayed } = await channel.append(rows, { idempotencyKey, strict: false, onSameTime });
      const faults = op_details.details.map(({ subfield = "", message }) => ({ pointer: subfield, detail: message }));
      const refused = refusedOf(lines, faults);
      return {
        stored: op_details.inserted_rows,
        ignored: onSameTime === undefined ? 0 : op_details.ignored_rows,
        isReplay: replayed,
        refused,
        unnamed: op_details.rejected_rows - refused.length,
      };
    } catch (error) {
      if (!isApiError(error, "row_invalid")) throw error;
      // There is not one good row among them.
      const refused = refusedOf(
        lines,
        error.errors.map(({ pointer = "", detail }) => ({ pointer, detail })),
      );
      return { stored: 0, ignored: 0, isReplay: false, refused, unnamed: lines.length - refused.length };
    }
  };
}

/** A pointer starts with `/rows/` and the place of the row. */
function refusedOf(
  lines: readonly FileLine[],
  faults: readonly { readonly pointer: string; readonly detail: string }[],
): Refused[] {
  const byPlace = new Map<number, string>();
  for (const { pointer, detail } of faults) {
    const [, , place = "", column = ""] = pointer.split("/");
    if (!byPlace.has(Number(place))) byPlace.set(Number(place), column === "" ? detail : `${column}: ${detail}`);
  }
  return [...byPlace].flatMap(([place, fault]) => {
    const line = lines[place];
    return line ? [{ line, fault }] : [];
  });
}
