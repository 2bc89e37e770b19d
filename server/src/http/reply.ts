/** In charge of the only way out: every answer of the server, good or bad, is sent here. */
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { Request, Response } from "express";
import { JsonText } from "../contract/json-text.ts";
import type { ResponseValidator } from "../contract/response-validator.ts";
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
    const text = body instanceof JsonText ? body.text : isJson ? JSON.stringify(body) : String(body);
    if (validate) check(isJson ? JSON.parse(text) : text);
    start();
    // Not send(): it would answer If-None-Match with a 304, and our ETag is that of the definition, not of the counts beside it.
    response.set("Content-Length", String(Buffer.byteLength(text)));
    response.end(text);
  };
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
