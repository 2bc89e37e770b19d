/** In charge of `kronicle export`. */
import { createWriteStream } from "node:fs";
import { rename, rm } from "node:fs/promises";
import { Readable, type Writable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { defineChannel } from "../../channel/define-channel.ts";
import { createReader } from "../../create-reader.ts";
import { rowJson } from "../../json/to-json.ts";
import type { ChannelReader } from "../../lanes/channel-reader.ts";
import type { ExportQuery } from "../../reading/export-query.ts";
import { DEFAULT_URL, readToken, requireChannel } from "../connection.ts";
import { readArguments } from "../read-arguments.ts";
import type { Terminal } from "../terminal.ts";
import { UsageError } from "../usage-error.ts";

const OPTIONS = {
  url: { type: "string" },
  from: { type: "string" },
  to: { type: "string" },
  format: { type: "string" },
  out: { type: "string", short: "o" },
} as const;

/** Columns are passed on as they come. */
const ANY_COLUMNS = defineChannel({});
type AnyChannel = ChannelReader<typeof ANY_COLUMNS>;
type Query = Pick<ExportQuery, "from" | "to"> & { readonly sort: "time" };

const WRITERS = { csv: bytesOf, ndjson: linesOf } as const;
type Format = keyof typeof WRITERS;

/**
 * Returns the exit code. An export that breaks off throws: its file is not there then, so that none looks whole.
 *
 * @throws UsageError, and what the client throws.
 */
export async function exportRows(args: readonly string[], { env, stdout }: Terminal): Promise<number> {
  const { values, positionals } = readArguments(args, OPTIONS);
  const { url = DEFAULT_URL, from, to, out } = values;
  const [name, another] = positionals;
  if (name === undefined || another !== undefined)
    throw new UsageError("Say which channel: kronicle export CHANNEL, by its name or id.");
  const format = readFormat(values.format, out);
  const reader = createReader({ baseUrl: url, token: readToken(env, "reader") });
  const { channel_id } = await requireChannel(reader, name, url);
  const source = Readable.from(WRITERS[format](reader.channel(channel_id, ANY_COLUMNS), { from, to, sort: "time" }));
  if (out === undefined) await writeTo(source, stdout);
  else await writeFile(source, out);
  return 0;
}

async function* bytesOf(channel: AnyChannel, query: Query): AsyncGenerator<Uint8Array, void, undefined> {
  const reader = (await channel.csv(query)).getReader();
  try {
    for (let piece = await reader.read(); !piece.done; piece = await reader.read()) yield piece.value;
  } finally {
    // Whoever stops early does not want the rest.
    await reader.cancel().catch(() => undefined);
  }
}

async function* linesOf(channel: AnyChannel, query: Query): AsyncGenerator<string, void, undefined> {
  for await (const row of channel.ndjson(query)) yield `${rowJson(row)}\n`;
}

/** Stdout stays open. */
async function writeTo(source: Readable, stdout: Writable): Promise<void> {
  try {
    await pipeline(source, stdout, { end: false });
  } catch (error) {
    // Whoever read had enough, as `head` has.
    if (!(error instanceof Error && "code" in error && error.code === "EPIPE")) throw error;
  }
}

async function writeFile(source: Readable, out: string): Promise<void> {
  const part = `${out}.part`;
  try {
    await pipeline(source, createWriteStream(part));
    await rename(part, out);
  } catch (error) {
    await rm(part, { force: true });
    if (error instanceof Error && "syscall" in error)
      throw new UsageError(`${out} cannot be written: ${error.message}.`, { cause: error });
    throw error;
  }
}

function readFormat(given: string | undefined, out: string | undefined): Format {
  const format = given ?? (/\.(?:ndjson|jsonl)$/i.test(out ?? "") ? "ndjson" : "csv");
  if (format === "csv" || format === "ndjson") return format;
  throw new UsageError(`--format "${format}" is neither csv nor ndjson.`);
}
