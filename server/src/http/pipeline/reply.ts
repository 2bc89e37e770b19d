/** In charge of the only way out: every answer of the server, good or bad, is sent here. */
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { Request, Response } from "express";
import { JsonText } from "../../contract/json-text.ts";
import type { ResponseValidator } from "../../contract/response-validator.ts";
import { requestState } from "./request-state.ts";

export type Answer = {
  readonly status: number;
  readonly type: string;
  readonly headers?: Readonly<Record<string, string | undefined>>;
  /** JSON, JSON as text, text, or text that comes piece by piece. */
  readonly body: unknown;
};

export type Reply = (request: Request, response: Response, answer: Answer) => Promise<void>;

/** @param validate is null where answers are trusted, for it costs as much as making them. */
export function createReply(validate: ResponseValidator | null): Reply {
  return async (request, response, { status, type, headers = {}, body }) => {
    const check = (value: unknown) => validate?.(requestState(request).operation?.id ?? null, status, type, value);
    const start = () => {
      response.status(status).set("Content-Type", `${type}; charset=utf-8`);
      for (const [name, value] of Object.entries(headers)) if (value !== undefined) response.set(name, value);
    };
    if (isStream(body)) {
      const pieces = body[Symbol.asyncIterator]();
      // Whatever fails before the first byte can still become a problem.
      const first = await pieces.next();
      check(first.done ? "" : first.value);
      start();
      await pipeline(Readable.from(withFirst(first, pieces)), response);
      return;
    }
    const isJson = type.endsWith("/json") || type.endsWith("+json");
    const pieces = body instanceof JsonText ? joinShort(body.parts) : [isJson ? JSON.stringify(body) : String(body)];
    if (validate) check(isJson ? JSON.parse(pieces.join("")) : pieces.join(""));
    start();
    // Not send(): it would answer If-None-Match with a 304, and our ETag is that of the definition, not of the counts beside it.
    const sizes = pieces.map((piece) => Buffer.byteLength(piece));
    response.set("Content-Length", String(sizes.reduce((sum, size) => sum + size, 0)));
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

function isStream(body: unknown): body is AsyncIterable<string> {
  return typeof body === "object" && body !== null && Symbol.asyncIterator in body;
}

async function* withFirst(first: IteratorResult<string>, rest: AsyncIterator<string>): AsyncGenerator<string> {
  try {
    for (let piece = first; !piece.done; piece = await rest.next()) yield piece.value;
  } finally {
    await rest.return?.();
  }
}
