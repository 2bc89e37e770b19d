/** In charge of one file, from its first line to its last. */
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { pipeline } from "node:stream/promises";
import type { Writer } from "@kronicle/client";
import { inferDefinition } from "./infer-definition.ts";
import { type CsvRecord, type PieceSize, readPieces } from "./read-pieces.ts";
import { storePiece } from "./store-piece.ts";
import { toRow } from "./to-row.ts";

/** How many characters of a time tell its storage chunk, or tell more than that. */
const PERIOD_LENGTHS = { dense: "2024-03-01".length, normal: "2024-03".length, sparse: "202".length } as const;

export type Density = keyof typeof PERIOD_LENGTHS;

type Import = {
  readonly file: string;
  readonly name: string;
  readonly density: Density;
  readonly onProgress: (bytes: number, rows: number) => void;
  readonly onFault: (line: number, column: string, detail: string) => void;
};

type Summary = { readonly stored: number; readonly replayed: number; readonly refused: number };

/** @throws KronicleError when the service refuses the channel or a whole piece, or stays out of reach. */
export async function importFile(kronicle: Writer, { file, name, density, onProgress, onFault }: Import): Promise<Summary> {
  const digest = await digestOf(file);
  // Large enough for good speed, small enough for a bar that moves, and in no more chunks than one request may create.
  const size: PieceSize = { rows: 2_000, periods: 30, periodLength: PERIOD_LENGTHS[density] };
  let channel: Awaited<ReturnType<typeof openChannel>> | undefined;
  let summary: Summary = { stored: 0, replayed: 0, refused: 0 };
  let pieces = 0;
  for await (const { records, bytes } of readPieces(file, size)) {
    channel ??= await openChannel(kronicle, { name, density, records });
    const { definition } = channel;
    const rows = records.map((record) => toRow(definition, record));
    // The key says what is sent and where to, so that a second run of the same import has the same keys.
    const outcome = await storePiece(channel.writer, rows, `${digest} to ${channel.id}, piece ${pieces++}`);
    for (const { pointer, detail } of outcome.faults) {
      const [, , index, column = ""] = pointer.split("/");
      onFault(records[Number(index)]?.line ?? NaN, column, detail);
    }
    summary = {
      stored: summary.stored + outcome.stored,
      replayed: summary.replayed + (outcome.isReplay ? outcome.stored : 0),
      refused: summary.refused + outcome.refused,
    };
    onProgress(bytes, summary.stored);
  }
  return summary;
}

/** Creates the channel if it is missing; its columns are told from the first piece of the file. */
async function openChannel(
  kronicle: Writer,
  { name, density, records }: Pick<Import, "name" | "density"> & { readonly records: readonly CsvRecord[] },
) {
  const definition = inferDefinition(records);
  const { channel_id } = await kronicle.upsertChannel({ name, density, schema: definition });
  return { id: channel_id, definition, writer: kronicle.channel(channel_id, definition) };
}

async function digestOf(file: string): Promise<string> {
  const hash = createHash("sha256");
  await pipeline(createReadStream(file), hash);
  return hash.digest("hex");
}
