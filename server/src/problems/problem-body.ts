import type { Fault } from "./fault.ts";
import { type ProblemCode, PROBLEMS } from "./codes.ts";

type Problem = {
  readonly code: ProblemCode;
  readonly detail: string;
  /** Path of the request. */
  readonly instance: string;
  readonly requestId: string;
  readonly traceId: string;
  readonly errors: readonly Fault[];
};

/** What the caller gets (RFC 9457). */
export function problemBody({ code, detail, instance, requestId, traceId, errors }: Problem) {
  const { status, title } = PROBLEMS[code];
  return { type: `/problems/${code}`, title, status, detail, instance, code, request_id: requestId, trace_id: traceId, errors };
}
