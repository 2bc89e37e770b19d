import type { components } from "../schema.generated.ts";
import type { Fault } from "./fault.ts";
import { KronicleError } from "./kronicle-error.ts";
import type { ProblemCode } from "./problem-code.ts";

/** What the client keeps of one. @inline */
type Problem = Pick<components["schemas"]["Problem"], "detail" | "code" | "title" | "request_id" | "errors"> & {
  readonly trace_id?: string;
};

/**
 * The service answered that it did not do what was asked. `message` says what was wrong this time.
 *
 * Each family of problems has a class of its own: `InvalidRequestError`, `AuthenticationError`, `PermissionError`, `NotFoundError`,
 * `ConflictError`, `RateLimitError`, `ServerError`. Inside a family branch on `code`, which is never reused for another meaning,
 * and not on the message.
 *
 * @example
 * ```ts
 * import { ApiError, createKronicle } from "@kronicle/client";
 *
 * const kronicle = createKronicle({ baseUrl: "http://127.0.0.1:8000", token: "krn_reader_..." });
 * try {
 *   await kronicle.reader.getChannel("6e8bc430-9c3a-4f5c-8d2e-2f1c9a7b4d10");
 * } catch (error) {
 *   if (!(error instanceof ApiError)) throw error;
 *   console.error(error.status, error.code, error.message, error.requestId);
 *   for (const fault of error.errors) console.error(fault.pointer ?? fault.parameter, fault.code, fault.detail);
 * }
 * ```
 */
export class ApiError extends KronicleError {
  override name = "ApiError";

  // Declared, so that they take no room before the constructor sets them: this class is in every bundle.

  /** HTTP status of the answer. */
  declare readonly status: number;
  /** What went wrong, for machines. */
  declare readonly code: ProblemCode;
  /** The same sentence for every problem of this code. */
  declare readonly title: string;
  /** Finds the request in the log of the server. */
  declare readonly requestId: string;
  /** The trace that the request belongs to (W3C Trace Context): yours, if you sent a `traceparent`; null from a server that tells none. */
  declare readonly traceId: string | null;
  /** Each single fault, the first 100 of them; empty when the problem has no parts. */
  declare readonly errors: readonly Fault[];
  /** How long the service asks to be left alone, in milliseconds; null when it does not say. */
  declare readonly retryAfterMs: number | null;

  /**
   * The client makes these from what the service sends; a test of a program may make one as well.
   *
   * @param problem the body of the answer (RFC 9457).
   */
  constructor(status: number, problem: Problem, retryAfterMs: number | null) {
    super(problem.detail);
    this.status = status;
    this.code = problem.code;
    this.title = problem.title;
    this.requestId = problem.request_id;
    this.traceId = problem.trace_id ?? null;
    this.errors = problem.errors;
    this.retryAfterMs = retryAfterMs;
  }
}
