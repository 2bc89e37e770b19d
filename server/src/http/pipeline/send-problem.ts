/** In charge of errors: whatever was thrown becomes a problem (RFC 9457) here, and nowhere else. */
import type { ErrorRequestHandler, Request } from "express";
import { bodyMembers } from "../../contract/body-members.ts";
import type { Contract } from "../../contract/contract.ts";
import type { Observe } from "../../observation/observation.ts";
import { fromDatabase } from "../../problems/from-database.ts";
import { fromHttp } from "../../problems/from-http.ts";
import { mayChange } from "../../problems/common.ts";
import { problemBody } from "../../problems/problem-body.ts";
import { ProblemError } from "../../problems/problem-error.ts";
import type { Answer, Reply } from "./reply.ts";
import { requestState } from "./request-state.ts";

export function sendProblem(contract: Contract, observe: Observe, reply: Reply): ErrorRequestHandler {
  // Express tells error handlers by their four parameters.
  return async (error: unknown, request, response, _next) => {
    // The caller has disconnected: there is nobody to answer.
    if (response.destroyed) return;
    const problem = toProblem(error, request, contract);
    observeFailure(observe, request, problem, error);
    // Past the first byte the only honest sign of an error is a connection that breaks off.
    if (response.headersSent) return void response.destroy();
    try {
      await reply(request, response, toAnswer(problem, request));
    } catch (undeclared) {
      const fault = toProblem(undeclared, request, contract);
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

function toProblem(error: unknown, request: Request, contract: Contract): ProblemError {
  if (error instanceof ProblemError) return error;
  return (
    fromHttp(error, asked(request, contract)) ??
    fromDatabase(error, mayChange(request.method)) ??
    new ProblemError("server_fault", INTERNAL, { cause: error })
  );
}

function asked(request: Request, contract: Contract) {
  const { operation, contentType, path } = requestState(request);
  const [collection = ""] = operation?.path.split("/{", 1) ?? [];
  const membersAt = (places: readonly string[]) =>
    operation && contentType !== null ? bodyMembers(contract, operation, contentType, places) : [];
  return { body: request.body, path, collection, membersAt };
}
