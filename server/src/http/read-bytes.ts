/** In charge of the bytes of a body: inflated, and no more of them than the limit. */
import { createGunzip } from "node:zlib";
import type { Request } from "express";
import { bodyTooLarge } from "../problems/body-too-large.ts";
import { ProblemError } from "../problems/problem-error.ts";

/**
 * Fails as soon as there are too many, and lets what still comes go by. Not by body-parser, which answers once the body has ended: some
 * never do.
 *
 * @throws ProblemError body_too_large, body_malformed
 */
export function readBytes(request: Request, isGzip: boolean, limitBytes: number): Promise<Buffer> {
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
    if (size > limitBytes) fail(bodyTooLarge(limitBytes));
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
