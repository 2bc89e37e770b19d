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

type Limits = {
  /** Of one body. */
  readonly bodyLimitBytes: number;
  /** Of all that are held at once. */
  readonly bodyMemoryBytes: number;
};

export function readBody({ bodyLimitBytes: limitBytes, bodyMemoryBytes }: Limits): RequestHandler {
  const memory = createBodyMemory(bodyMemoryBytes);
  return async (request, response, next) => {
    const { consumes } = requestOperation(request);
    if (consumes.length === 0) {
      // The validator compiles and keeps a schema per content type: one that an operation without a body was sent must not count.
      delete request.headers["content-type"];
      return next();
    }
    // Who has gone while they were identified sends nothing any more, and would hold their share for ever.
    if (response.closed) return;
    const { contentType, isGzip, announcedBytes } = readBodyHeaders(request, consumes);
    request.headers["content-type"] = contentType;

    const state = requestState(request);
    const share = memory.open();
    // Who has gone may leave an operation behind that still works with the body.
    response.once("close", () => void Promise.allSettled([state.running]).then(share.release));
    const refusal = (size: number) => (size > limitBytes ? bodyTooLarge(limitBytes) : share.raiseTo(size) ? null : memoryFull());
    const refused = refusal(announcedBytes);
    if (refused) throw refused;
    if (request.headers.expect?.toLowerCase() === "100-continue") response.writeContinue();
    const bytes = await readBytes(request, isGzip, refusal);
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
