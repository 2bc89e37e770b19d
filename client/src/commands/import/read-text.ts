/** In charge of the characters of a file. */
import { createReadStream } from "node:fs";
import { open } from "node:fs/promises";
import { UsageError } from "../usage-error.ts";

const HEAD_BYTES = 256 * 1024;

/**
 * The encoding that the caller says, or that a byte order mark does, or UTF-8.
 *
 * @throws UsageError when there is no such encoding, or when the file cannot be read.
 */
export async function encodingOf(file: string, given: string | undefined): Promise<string> {
  const head = await readHead(file);
  if (given !== undefined) return checkEncoding(given);
  if (head[0] === 0xff && head[1] === 0xfe) return "utf-16le";
  if (head[0] === 0xfe && head[1] === 0xff) return "utf-16be";
  if (head.includes(0)) {
    throw new UsageError(`${file} holds NUL bytes: it is no text in UTF-8. If it is UTF-16, add --encoding utf-16le.`);
  }
  return "utf-8";
}

/**
 * The text of the file, piece by piece, without a byte order mark.
 *
 * @throws UsageError when it is not in this encoding.
 */
export async function* readText(file: string, encoding: string): AsyncGenerator<string, void, undefined> {
  const decoder = new TextDecoder(encoding, { fatal: true });
  try {
    for await (const bytes of createReadStream(file)) yield decoder.decode(bytes, { stream: true });
    yield decoder.decode();
  } catch (cause) {
    if (!(cause instanceof TypeError)) throw cause;
    const other = encoding === "utf-8" ? "windows-1252, as older devices and spreadsheets write it" : "utf-8";
    throw new UsageError(`${file} is not in ${encoding}. Say which encoding it is in: --encoding ${other}.`, { cause });
  }
}

/** Its beginning, to look at: whole lines, or all of it. */
export async function readBeginning(file: string, encoding: string): Promise<string> {
  let text = "";
  for await (const piece of readText(file, encoding)) {
    text += piece;
    if (text.length >= HEAD_BYTES) return text.slice(0, text.lastIndexOf("\n") + 1) || text;
  }
  return text;
}

async function readHead(file: string): Promise<Uint8Array> {
  const handle = await open(file).catch((cause: unknown) => {
    throw new UsageError(`${file} cannot be read.`, { cause });
  });
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
    return buffer.subarray(0, bytesRead);
  } catch (cause) {
    throw new UsageError(`${file} cannot be read: it is no file.`, { cause });
  } finally {
    await handle.close();
  }
}

function checkEncoding(name: string): string {
  try {
    return new TextDecoder(name).encoding;
  } catch (cause) {
    throw new UsageError(`There is no encoding "${name}". Some that there are: utf-8, utf-16le, windows-1252.`, { cause });
  }
}
