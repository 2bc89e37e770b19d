/** In charge of answers that go out in fewer bytes: with gzip, where it is worth it, the caller takes it, and no secret is given away by it. */
import { promisify } from "node:util";
import { constants, createGzip, gzip, type Gzip } from "node:zlib";
import type { Request } from "express";
import { requestState } from "./request-state.ts";

/** To begin with gzip alone takes 0.1 ms, as long as appending a row, and a smaller answer is three packets as it is. */
const MIN_BYTES = 4_096;

/** The fastest: the usual one, 6, makes of rows a sixth less at best, and takes two to four times as long (docs/performance.md). */
const LEVEL = 1;

/** What zlib holds for a stream besides what it is given: 256 KiB of its own, and a chunk. */
export const GZIP_BYTES = 278_528;

/** What somebody can put into an answer beside a secret tells them the secret by its size (BREACH). These answers hold secrets. */
const SECRET_LANE = "/auth/";

/** Whether an answer of so many bytes depends on the `Accept-Encoding` of its request. */
export function isNegotiated(request: Request, bytes: number): boolean {
  return bytes >= MIN_BYTES && !requestState(request).operation?.path.startsWith(SECRET_LANE);
}

/** RFC 9110: gzip is allowed, and liked no less than the plain bytes. */
export function usesGzip(request: Request, bytes: number): boolean {
  return isNegotiated(request, bytes) && request.acceptsEncodings("gzip", "identity") === "gzip";
}

const compress = promisify(gzip);

export function gzipText(text: string): Promise<Buffer> {
  return compress(text, { level: LEVEL });
}

/** @param isFlushed sends each piece on before the next comes, for which somebody may wait. */
export function gzipStream(isFlushed: boolean): Gzip {
  return createGzip({ level: LEVEL, flush: isFlushed ? constants.Z_SYNC_FLUSH : constants.Z_NO_FLUSH });
}

const SLICE_LENGTH = 65_536;

/** The bytes of a large text, a slice at a time: nobody ever holds all of them beside it. */
export function* sliceText(text: string, encoding: "latin1" | "utf8"): Generator<Buffer> {
  for (let start = 0; start < text.length;) {
    const middle = Math.min(start + SLICE_LENGTH, text.length);
    // The two halves of a pair stay together.
    const end = middle < text.length && isFirstHalf(text.charCodeAt(middle - 1)) ? middle + 1 : middle;
    yield Buffer.from(text.slice(start, end), encoding);
    start = end;
  }
}

function isFirstHalf(codeUnit: number): boolean {
  return codeUnit >= 0xd800 && codeUnit < 0xdc00;
}
