/** In charge of one file, from its first line to its last. */
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { pipeline } from "node:stream/promises";
import type { Fault, NewChannel, Writer } from "@kronicle/client";
import { inferDefinition } from "./infer-definition.ts";
import { type CsvRecord, readRecords } from "./read-records.ts";
import { storePiece } from "./store-piece.ts";
import { toRow } from "./to-row.ts";

/** Large enough for good speed, and small enough for a bar that moves. */
const ROWS_OF_A_PIECE = 2_000;

type Import = {
  readonly file: string;
  readonly name: string;
  readonly density: NonNullable<NewChannel<never>["density"]>;
  readonly onProgress: (bytes: number, rows: number) => void;
  readonly onRefused: (line: number, fault: Fault) => void;
};

type Summary = { readonly stored: number; readonly replayed: number; readonly refused: number };

/** @throws KronicleError when the service refuses the channel or a whole piece, or stays out of reach. */
export async function importFile(kronicle: Writer, { file, name, density, onProgress, onRefused }: Import): Promise<Summary> {
  const digest = await digestOf(file);
  let channel: Awaited<ReturnType<typeof openChannel>> | undefined;
  let summary: Summary = { stored: 0, replayed: 0, refused: 0 };
  let pieces = 0;
  for await (const { records, bytes } of readRecords(file, ROWS_OF_A_PIECE)) {
    channel ??= await openChannel(kronicle, { name, density, records });
    const { definition } = channel;
    const rows = records.map((record) => ({ line: record.line, row: toRow(definition, record) }));
    const outcome = await storePiece(channel.writer, rows, `${digest} to ${channel.id}, piece ${pieces++}`);
    for (const { line, fault } of outcome.refused) onRefused(line, fault);
    summary = {
      stored: summary.stored + outcome.stored,
      replayed: summary.replayed + outcome.replayed,
      refused: summary.refused + outcome.refused.length,
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
