/** In charge of errors: whatever was thrown becomes a problem (RFC 9457) here, and nowhere else. */
import type { ErrorRequestHandler, Request } from "express";
import type { Observe } from "../../observation/observation.ts";
import { fromDatabase } from "../../problems/from-database.ts";
import { fromHttp } from "../../problems/from-http.ts";
import { problemBody } from "../../problems/problem-body.ts";
import { ProblemError } from "../../problems/problem-error.ts";
import type { Answer, Reply } from "./reply.ts";
import { requestState } from "./request-state.ts";

export function sendProblem(observe: Observe, reply: Reply): ErrorRequestHandler {
  // Express tells error handlers by their four parameters.
  return async (error: unknown, request, response, _next) => {
    // The caller has disconnected: there is nobody to answer.
    if (response.destroyed) return;
    const problem = toProblem(error, request);
    observeFailure(observe, request, problem, error);
    // Past the first byte the only honest sign of an error is a connection that breaks off.
    if (response.headersSent) return void response.destroy();
    try {
      await reply(request, response, toAnswer(problem, request));
    } catch (undeclared) {
      const fault = toProblem(undeclared, request);
      observeFailure(observe, request, fault, undeclared);
      await reply(request, response, toAnswer(fault, request));
    }
  };
}

function observeFailure(observe: Observe, request: Request, { status, code }: ProblemError, error: unknown): void {
  const state = requestState(request);
  state.problem = code;
  observe({ event: "request_failed", request: state, code, status, error });
}

function toAnswer(problem: ProblemError, request: Request): Answer {
  const { requestId, traceId } = requestState(request);
  return {
    status: problem.status,
    type: "application/problem+json",
    headers: problem.headers,
    body: problemBody({
      code: problem.code,
      detail: problem.message,
      instance: request.path,
      requestId,
      traceId,
      errors: problem.errors,
    }),
  };
}

const INTERNAL = "The server failed on this request. Its log has the reason under the request_id.";

/** Methods that only read (RFC 9110). */
const SAFE_METHODS: ReadonlySet<string> = new Set(["GET", "HEAD", "OPTIONS"]);

function toProblem(error: unknown, { body, method }: Request): ProblemError {
  if (error instanceof ProblemError) return error;
  return (
    fromHttp(error, body) ??
    fromDatabase(error, !SAFE_METHODS.has(method)) ??
    new ProblemError("server_fault", INTERNAL, { cause: error })
  );
}
