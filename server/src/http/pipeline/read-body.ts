/** In charge of bodies: of a type that the operation takes, and strictly JSON or UTF-8. */
import { isUtf8 } from "node:buffer";
import { createHash } from "node:crypto";
import type { Request, RequestHandler } from "express";
import type { Fault } from "../../problems/fault.ts";
import { parseStrictJson } from "../../formats/strict-json.ts";
import { bodyTooLarge } from "../../problems/common.ts";
import { ProblemError } from "../../problems/problem-error.ts";
import { createBodyMemory } from "../connection/body-memory.ts";
import { readBytes } from "./read-bytes.ts";
import { requestOperation, requestState } from "./request-state.ts";

/** Without brotli and deflate: 158 bytes of brotli can hold 100 MB. */
const ENCODINGS = new Set(["identity", "gzip"]);

/** For bodies of those who need no credential, so that they take nothing from those who have one: a thousand of the largest at once. */
const OPEN_MEMORY_BYTES = 8 * 1024 * 1024;
const NOBODY = "";

type Limits = {
  /** Of one body, unless its operation has a limit of its own. */
  readonly bodyLimitBytes: number;
  /** Of all that are held at once. */
  readonly bodyMemoryBytes: number;
};

export function readBody({ bodyLimitBytes, bodyMemoryBytes }: Limits): RequestHandler {
  const memory = createBodyMemory(bodyMemoryBytes);
  const openMemory = createBodyMemory(OPEN_MEMORY_BYTES);
  return async (request, response, next) => {
    const { consumes, role, maxBytes } = requestOperation(request);
    if (consumes.length === 0) {
      // The validator compiles and keeps a schema per content type: one that an operation without a body was sent must not count.
      delete request.headers["content-type"];
      return next();
    }
    // The caller may have disconnected during authentication; then nothing is read, and a share would never be given back.
    if (response.closed) return;
    const { contentType, isGzip, announcedBytes } = readBodyHeaders(request, consumes);
    request.headers["content-type"] = contentType;

    const state = requestState(request);
    const limitBytes = Math.min(bodyLimitBytes, maxBytes ?? Number.POSITIVE_INFINITY);
    const tooLarge = (size: number) => (size > limitBytes ? bodyTooLarge(limitBytes, limitBytes === maxBytes) : null);
    const share = (role === null ? openMemory : memory).open(state.principal?.id ?? NOBODY);
    // The operation may still work with the body when the caller has disconnected.
    response.once("close", () => void Promise.allSettled([state.running]).then(share.release));
    // What is only announced takes nothing from others: it may come a byte a second. But what would not fit is not asked for.
    const refused = tooLarge(announcedBytes) ?? (share.hasRoomFor(announcedBytes) ? null : memoryFull());
    if (refused) throw refused;
    if (request.headers.expect?.toLowerCase() === "100-continue") response.writeContinue();
    const bytes = await readBytes(request, isGzip, (size) => tooLarge(size) ?? (share.raiseTo(size) ? null : memoryFull()));
    if (bytes.length === 0) throw emptyBody();

    state.contentType = contentType;
    if (request.get("Idempotency-Key") !== undefined) {
      state.fingerprint = createHash("sha256").update(`${request.method} ${request.url}\n`).update(bytes).digest();
    }
    const { value, fault } = contentType === "application/json" ? parseStrictJson(bytes) : decodeText(bytes);
    if (fault) throw new ProblemError("body_malformed", `The body is not usable: ${fault.detail}.`, { errors: [fault] });
    request.body = value;
    next();
  };
}

/** What the headers say of the body, if it is something that the operation takes. */
function readBodyHeaders(request: Request, consumes: readonly string[]) {
  if (!hasBody(request)) throw emptyBody();
  const contentType = request.is([...consumes]);
  const charset = /;\s*charset=(?!"?utf-8"?\s*(?:;|$))/i.test(request.get("Content-Type") ?? "");
  const encoding = request.headers["content-encoding"]?.toLowerCase() ?? "identity";
  const transferEncoding = request.headers["transfer-encoding"]?.toLowerCase() ?? "chunked";
  if (!contentType || charset || !ENCODINGS.has(encoding) || transferEncoding !== "chunked") {
    const accepted = `${consumes.join(", ")} in UTF-8, plain or with Content-Encoding gzip`;
    throw new ProblemError("media_type_unsupported", `This operation takes ${accepted}.`, {
      headers: { Accept: consumes.join(", "), "Accept-Encoding": "gzip" },
    });
  }
  const isGzip = encoding === "gzip";
  // What comes of a gzip nobody knows before.
  return { contentType, isGzip, announcedBytes: isGzip ? 0 : Number(request.headers["content-length"] ?? 0) };
}

/** RFC 9112: a length or an encoding of the transfer announces a body. */
function hasBody({ headers }: Request): boolean {
  return headers["transfer-encoding"] !== undefined || Number(headers["content-length"] ?? 0) > 0;
}

function memoryFull(): ProblemError {
  return new ProblemError("server_busy", "The server holds as many bytes of bodies as it may. Nothing was stored; try again.");
}

function emptyBody(): ProblemError {
  return new ProblemError("body_malformed", "The body is empty; this operation needs one.");
}

function decodeText(bytes: Buffer): { value: string; fault?: undefined } | { value?: undefined; fault: Fault } {
  if (!isUtf8(bytes)) return { fault: { code: "not_utf8", detail: "it is not valid UTF-8" } };
  return { value: bytes.toString("utf8") };
}
