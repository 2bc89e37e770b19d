/** In charge of the bytes of a body: inflated, and no more of them than may be. */
import { createGunzip } from "node:zlib";
import type { Request } from "express";
import { ProblemError } from "../../problems/problem-error.ts";

/**
 * Fails as soon as there are too many, and lets what still comes go by. Not by body-parser, which answers once the body has ended: some
 * never do.
 *
 * @param refusal of a body that has so many bytes; null while it may go on.
 * @throws ProblemError body_malformed, or the refusal
 */
export function readBytes(request: Request, isGzip: boolean, refusal: (size: number) => ProblemError | null): Promise<Buffer> {
  const { promise, resolve, reject } = Promise.withResolvers<Buffer>();
  const source = isGzip ? request.pipe(createGunzip()) : request;
  const chunks: Buffer[] = [];
  let size = 0;
  let compressed = 0;

  const fail = (error: ProblemError) => {
    source.off("data", collect);
    request.off("data", countCompressed);
    if (source !== request) {
      request.unpipe();
      source.destroy();
    }
    chunks.length = 0;
    request.resume();
    reject(error);
  };
  const collect = (chunk: Buffer) => {
    size += chunk.length;
    const problem = refusal(size);
    if (problem) fail(problem);
    else keep(chunks, chunk);
  };

  // Any number of bytes may be the gzip of nothing. What cannot be compressed is a little longer with it.
  const countCompressed = (chunk: Buffer) => {
    compressed += chunk.length;
    const problem = refusal(Math.max(compressed / 2, size));
    if (problem) fail(problem);
  };

  if (source !== request) request.on("data", countCompressed);
  source.on("data", collect);
  source.once("end", () => resolve(Buffer.concat(chunks, size)));
  if (source !== request)
    source.on("error", (cause) => fail(malformed("The body is not the gzip that Content-Encoding promises.", cause)));
  request.on("error", (cause) => fail(malformed("The body could not be read to its end.", cause)));
  return promise;
}

/** A chunk costs some hundred bytes beside its own, and HTTP lets a body come in chunks of one byte: small ones are joined. */
const SMALL_BYTES = 1_024;

function keep(chunks: Buffer[], chunk: Buffer): void {
  const last = chunks.at(-1);
  if (last && last.length < SMALL_BYTES && chunk.length < SMALL_BYTES) chunks[chunks.length - 1] = Buffer.concat([last, chunk]);
  else chunks.push(chunk);
}

function malformed(detail: string, cause: unknown): ProblemError {
  return new ProblemError("body_malformed", detail, { cause });
}
