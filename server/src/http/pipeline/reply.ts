/** In charge of the only way out: every answer of the server, good or bad, is sent here. */
import { Readable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { pipeline } from "node:stream/promises";
import type { Request, Response } from "express";
import { ConstantText } from "../../contract/constant-text.ts";
import { JsonText } from "../../contract/json-text.ts";
import type { ResponseValidator } from "../../contract/response-validator.ts";
import { ProblemError } from "../../problems/problem-error.ts";
import { createSharedMemory, type MemoryShare } from "../connection/shared-memory.ts";
import { GZIP_BYTES, gzipStream, gzipText, isNegotiated, sliceText, usesGzip } from "./compress.ts";
import { requestState } from "./request-state.ts";

export type Answer = {
  readonly status: number;
  readonly type: string;
  readonly headers?: Readonly<Record<string, string | undefined>>;
  /** JSON, JSON as text, text, text that is always the same, or text that comes piece by piece. */
  readonly body: unknown;
};

export type Reply = (request: Request, response: Response, answer: Answer) => Promise<void>;

/** Smaller answers are not counted: what the system keeps of a connection takes more. */
const LARGE_BYTES = 65_536;
const NOBODY = "";

/** Of a stream: it may have any number. */
const UNKNOWN_BYTES = Number.POSITIVE_INFINITY;

/**
 * @param validate is null where answers are trusted, for it costs as much as making them.
 * @param memoryBytes of large answers that wait for those who asked for them: somebody may ask, and not read.
 */
export function createReply(validate: ResponseValidator | null, memoryBytes: number): Reply {
  const memory = createSharedMemory(memoryBytes);
  const openShare = (request: Request, response: Response): MemoryShare => {
    const share = memory.open(requestState(request).principal?.id ?? NOBODY);
    if (response.closed) share.release();
    else response.once("close", share.release);
    return share;
  };

  return async (request, response, { status, type, headers = {}, body }) => {
    const check = (value: unknown) => validate?.(requestState(request).operation?.id ?? null, status, type, value);
    const start = (bytes: number) => {
      response.status(status).set("Content-Type", `${type}; charset=utf-8`);
      for (const [name, value] of Object.entries(headers)) if (value !== undefined) response.set(name, value);
      if (isNegotiated(request, bytes)) response.vary("Accept-Encoding");
      if (usesGzip(request, bytes)) response.set("Content-Encoding", "gzip");
    };
    if (isStream(body)) {
      const pieces = body[Symbol.asyncIterator]();
      if (requestState(request).isHead) {
        // Node would throw away each piece that was read for it.
        await pieces.return?.();
        start(UNKNOWN_BYTES);
        response.end();
        return;
      }
      const isGzip = usesGzip(request, UNKNOWN_BYTES);
      const share = openShare(request, response);
      const makeRoom = (piece: string) => share.raiseTo(PIECES_AT_ONCE * piece.length + (isGzip ? GZIP_BYTES : 0));
      // Whatever fails before the first byte can still become a problem.
      const first = await pieces.next();
      if (!first.done && !makeRoom(first.value)) {
        await pieces.return?.();
        throw answersWait();
      }
      check(first.done ? "" : first.value);
      start(UNKNOWN_BYTES);
      const source = Readable.from(withFirst(first, pieces, makeRoom));
      await (isGzip ? pipeline(source, gzipStream(true), response) : pipeline(source, response));
      return;
    }
    const isJson = type.endsWith("/json") || type.endsWith("+json");
    const texts = textsOf(body, isJson);
    if (validate) check(isJson ? JSON.parse(texts.join("")) : texts.join(""));
    const pieces = texts.map((text): Piece => {
      const bytes = Buffer.byteLength(text);
      // For UTF-8 the runtime sets aside three times as much memory, most of which is garbage at once.
      return { text, bytes, encoding: bytes === text.length ? "latin1" : "utf8" };
    });
    const size = pieces.reduce((sum, { bytes }) => sum + bytes, 0);
    const isGzip = usesGzip(request, size);
    const isSmall = body instanceof ConstantText || size <= LARGE_BYTES;
    const heldBytes = size + (isGzip && !isSmall ? GZIP_BYTES : 0);
    // What was done is answered as such, and not as refused: only an answer to a question may be asked for again.
    if (size > LARGE_BYTES && !openShare(request, response).raiseTo(heldBytes) && request.method === "GET") throw answersWait();
    if (isGzip && isSmall) {
      // Before the head: what fails here still becomes a problem.
      const gzipped = await (body instanceof ConstantText ? body.gzipped() : gzipText(texts.join("")));
      start(size);
      response.set("Content-Length", String(gzipped.length)).end(gzipped);
      return;
    }
    start(size);
    if (!isGzip) sendPlain(response, pieces, size);
    // How long it gets is not known before: nothing has to be made for the head alone.
    else if (requestState(request).isHead) response.end();
    else await pipeline(Readable.from(bytesOf(pieces)), gzipStream(false), response);
  };
}

/** Part of an answer that is there as a whole. */
type Piece = { readonly text: string; readonly bytes: number; readonly encoding: "latin1" | "utf8" };

/** Not send(): it would answer If-None-Match with a 304, and our ETag is that of the definition, not of the counts beside it. */
function sendPlain(response: Response, pieces: readonly Piece[], size: number): void {
  response.set("Content-Length", String(size));
  response.cork();
  for (const { text, encoding } of pieces) response.write(text, encoding);
  response.end();
  response.uncork();
}

function* bytesOf(pieces: readonly Piece[]): Generator<Buffer> {
  for (const { text, encoding } of pieces) yield* sliceText(text, encoding);
}

function textsOf(body: unknown, isJson: boolean): string[] {
  if (body instanceof ConstantText) return [body.text];
  if (body instanceof JsonText) return joinShort(body.parts);
  return [isJson ? JSON.stringify(body) : String(body)];
}

/** Joining costs less than another buffer up to about this length. */
const LONG = 65_536;

function joinShort(parts: readonly string[]): string[] {
  const pieces: string[] = [];
  let short = "";
  for (const part of parts) {
    if (part.length < LONG) {
      short += part;
      continue;
    }
    pieces.push(short, part);
    short = "";
  }
  return [...pieces, short];
}

export function isStream(body: unknown): body is AsyncIterable<string> {
  return typeof body === "object" && body !== null && Symbol.asyncIterator in body;
}

/** Of a stream: one is on its way, and one is made meanwhile. */
const PIECES_AT_ONCE = 2;

/** A stream that has begun is not refused any more: a piece that is larger than those before waits for so long. */
const PATIENCE_MS = 30_000;
const PAUSE_MS = 50;

async function* withFirst(
  first: IteratorResult<string>,
  rest: AsyncIterator<string>,
  makeRoom: (piece: string) => boolean,
): AsyncGenerator<string> {
  try {
    for (let piece = first; !piece.done; piece = await rest.next()) {
      for (let waited = 0; !makeRoom(piece.value); waited += PAUSE_MS) {
        if (waited >= PATIENCE_MS) throw answersWait();
        await sleep(PAUSE_MS);
      }
      yield piece.value;
    }
  } finally {
    await rest.return?.();
  }
}

function answersWait(): ProblemError {
  return new ProblemError(
    "server_busy",
    "As many bytes of answers as may be wait for those who asked for them. Read what you have asked for, and try again.",
  );
}
