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

  const fail = (error: ProblemError) => {
    source.off("data", collect);
    if (source !== request) {
      request.unpipe();
      source.destroy();
    }
    request.resume();
    reject(error);
  };
  const collect = (chunk: Buffer) => {
    size += chunk.length;
    const problem = refusal(size);
    if (problem) fail(problem);
    else chunks.push(chunk);
  };

  source.on("data", collect);
  source.once("end", () => resolve(Buffer.concat(chunks, size)));
  if (source !== request)
    source.on("error", (cause) => fail(malformed("The body is not the gzip that Content-Encoding promises.", cause)));
  request.on("error", (cause) => fail(malformed("The body could not be read to its end.", cause)));
  return promise;
}

function malformed(detail: string, cause: unknown): ProblemError {
  return new ProblemError("body_malformed", detail, { cause });
}
