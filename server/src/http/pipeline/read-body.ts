/** In charge of bodies: of a type that the operation takes, and strictly JSON or UTF-8. */
import { createHash } from "node:crypto";
import type { Request, RequestHandler } from "express";
import { bodyTooLarge } from "../../problems/common.ts";
import { describeFaults } from "../../problems/fault.ts";
import { ProblemError } from "../../problems/problem-error.ts";
import { createSharedMemory } from "../connection/shared-memory.ts";
import { type BodyLimits, type BodySize, parseBody } from "./parse-body.ts";
import { readBytes } from "./read-bytes.ts";
import { requestOperation, requestState } from "./request-state.ts";

/** Without brotli and deflate: 158 bytes of brotli can hold 100 MB. */
const ENCODINGS = new Set(["identity", "gzip"]);

/** For bodies of those who need no credential, so that they take nothing from those who have one: a thousand of the largest at once. */
const OPEN_MEMORY_BYTES = 8 * 1024 * 1024;
const NOBODY = "";

type Limits = BodyLimits & {
  /** Of one body, unless its operation has a limit of its own. */
  readonly bodyLimitBytes: number;
  /** Of what all that are held at once take. */
  readonly bodyMemoryBytes: number;
};

/**
 * What a body takes while it is checked and stored, in bytes, measured: the bytes, a text of them, and the values on their way to the
 * database; and beside that an object for each row, and a place for each value. Objects within documents have keys of their own: of 900,000
 * with one key each, 12 MB, the heap took 307 MB.
 */
const TIMES_BYTES = 3;
const ROW_BYTES = 100;
const VALUE_BYTES = 48;
const CONTAINER_BYTES = 150;

function memoryOf({ bytes, rows, values, containers }: BodySize): number {
  const nested = Math.max(containers - rows, 0);
  return TIMES_BYTES * bytes + ROW_BYTES * rows + VALUE_BYTES * values + CONTAINER_BYTES * nested;
}

export function readBody(limits: Limits): RequestHandler {
  const { bodyLimitBytes, bodyMemoryBytes } = limits;
  const memory = createSharedMemory(bodyMemoryBytes);
  const openMemory = createSharedMemory(OPEN_MEMORY_BYTES);
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
    const refused = tooLarge(announcedBytes) ?? (share.hasRoomFor(TIMES_BYTES * announcedBytes) ? null : memoryFull());
    if (refused) throw refused;
    if (request.headers.expect?.toLowerCase() === "100-continue") response.writeContinue();
    const bytes = await readBytes(
      request,
      isGzip,
      (size) => tooLarge(size) ?? (share.raiseTo(TIMES_BYTES * size) ? null : memoryFull()),
    );
    if (bytes.length === 0) throw emptyBody();

    state.contentType = contentType;
    if (request.get("Idempotency-Key") !== undefined) {
      state.fingerprint = createHash("sha256").update(`${request.method} ${request.url}\n`).update(bytes).digest();
    }
    const { value, fault } = await parseBody(bytes, contentType === "application/json", limits, (size) => {
      const memoryBytes = memoryOf(size);
      // It would never fit, however often it was sent again.
      if (memoryBytes > bodyMemoryBytes) throw takesTooMuch(memoryBytes, bodyMemoryBytes);
      if (!share.raiseTo(memoryBytes)) throw memoryFull();
    });
    if (fault)
      throw new ProblemError("body_malformed", `The body is not usable: ${describeFaults([fault])}.`, { errors: [fault] });
    request.body = value;
    next();
  };
}

/** What the headers say of the body, if it is something that the operation takes. */
function readBodyHeaders(request: Request, consumes: readonly string[]) {
  if (!hasBody(request)) throw emptyBody();
  const contentType = request.is([...consumes]);
  const charset = /;\s*charset=(?!"?utf-?8"?\s*(?:;|$))/i.test(request.get("Content-Type") ?? "");
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

function takesTooMuch(memoryBytes: number, maxBytes: number): ProblemError {
  const detail = `What the body holds takes ${memoryBytes} bytes of memory, and all bodies may take at most ${maxBytes}.`;
  return new ProblemError("body_too_large", `${detail} Send the rows in several requests.`);
}

function memoryFull(): ProblemError {
  return new ProblemError("server_busy", "The server holds as many bytes of bodies as it may. Nothing was stored; try again.");
}

function emptyBody(): ProblemError {
  return new ProblemError("body_malformed", "The body is empty; this operation needs one.");
}
