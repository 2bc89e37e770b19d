/** In charge of the only way out: every answer of the server, good or bad, is sent here. */
import { Readable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { pipeline } from "node:stream/promises";
import type { Request, Response } from "express";
import { JsonText } from "../../contract/json-text.ts";
import type { ResponseValidator } from "../../contract/response-validator.ts";
import { ProblemError } from "../../problems/problem-error.ts";
import { createSharedMemory, type MemoryShare } from "../connection/shared-memory.ts";
import { requestState } from "./request-state.ts";

export type Answer = {
  readonly status: number;
  readonly type: string;
  readonly headers?: Readonly<Record<string, string | undefined>>;
  /** JSON, JSON as text, text, or text that comes piece by piece. */
  readonly body: unknown;
};

export type Reply = (request: Request, response: Response, answer: Answer) => Promise<void>;

/** Smaller answers are not counted: what the system keeps of a connection takes more. */
const LARGE_BYTES = 65_536;
const NOBODY = "";

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
    const start = () => {
      response.status(status).set("Content-Type", `${type}; charset=utf-8`);
      for (const [name, value] of Object.entries(headers)) if (value !== undefined) response.set(name, value);
    };
    if (isStream(body)) {
      const pieces = body[Symbol.asyncIterator]();
      if (requestState(request).isHead) {
        // Node would throw away each piece that was read for it.
        await pieces.return?.();
        start();
        response.end();
        return;
      }
      const share = openShare(request, response);
      // Whatever fails before the first byte can still become a problem.
      const first = await pieces.next();
      if (!first.done && !share.raiseTo(PIECES_AT_ONCE * first.value.length)) {
        await pieces.return?.();
        throw answersWait();
      }
      check(first.done ? "" : first.value);
      start();
      await pipeline(Readable.from(withFirst(first, pieces, share)), response);
      return;
    }
    const isJson = type.endsWith("/json") || type.endsWith("+json");
    const pieces = body instanceof JsonText ? joinShort(body.parts) : [isJson ? JSON.stringify(body) : String(body)];
    if (validate) check(isJson ? JSON.parse(pieces.join("")) : pieces.join(""));
    const sizes = pieces.map((piece) => Buffer.byteLength(piece));
    const size = sizes.reduce((sum, size) => sum + size, 0);
    // What was done is answered as such, and not as refused: only an answer to a question may be asked for again.
    if (size > LARGE_BYTES && !openShare(request, response).raiseTo(size) && request.method === "GET") throw answersWait();
    start();
    // Not send(): it would answer If-None-Match with a 304, and our ETag is that of the definition, not of the counts beside it.
    response.set("Content-Length", String(size));
    response.cork();
    for (const [index, piece] of pieces.entries()) {
      // For UTF-8 the runtime sets aside three times as much memory, most of which is garbage at once.
      response.write(piece, sizes[index] === piece.length ? "latin1" : "utf8");
    }
    response.end();
    response.uncork();
  };
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
  share: MemoryShare,
): AsyncGenerator<string> {
  try {
    for (let piece = first; !piece.done; piece = await rest.next()) {
      const bytes = PIECES_AT_ONCE * piece.value.length;
      for (let waited = 0; !share.raiseTo(bytes); waited += PAUSE_MS) {
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
