/** In charge of errors: whatever was thrown becomes a problem (RFC 9457) here, and nowhere else. */
import type { ErrorRequestHandler, Request } from "express";
import type { Logger } from "../logger.ts";
import type { ProblemCode } from "../problems/codes.ts";
import { fromDatabase } from "../problems/from-database.ts";
import { fromHttp } from "../problems/from-http.ts";
import { problemBody } from "../problems/problem-body.ts";
import { ProblemError } from "../problems/problem-error.ts";
import { countInLog } from "./count-in-log.ts";
import type { Answer, Reply } from "./reply.ts";
import { requestState } from "./request-state.ts";

/** Overload would be the worse for a line with a stack for each request. */
const SUMMED_CODES: ReadonlySet<ProblemCode> = new Set(["database_busy", "server_busy"]);
const SUMMED_MS = 10_000;

export function sendProblem(log: Logger, reply: Reply): ErrorRequestHandler {
  const logFailure = createFailureLog(log);
  // Express tells error handlers by their four parameters.
  return async (error: unknown, request, response, _next) => {
    // Nobody is there any more to be told.
    if (response.destroyed) return;
    const problem = toProblem(error, request.body);
    logFailure(request, problem, error);
    // Past the first byte the only honest sign of an error is a connection that breaks off.
    if (response.headersSent) return void response.destroy();
    try {
      await reply(request, response, toAnswer(problem, request));
    } catch (undeclared) {
      const fault = toProblem(undeclared, null);
      logFailure(request, fault, undeclared);
      await reply(request, response, toAnswer(fault, request));
    }
  };
}

function createFailureLog(log: Logger) {
  const countTurnedAway = countInLog(log, "requests turned away by overload", SUMMED_MS);
  return (request: Request, { status, code }: ProblemError, error: unknown): void => {
    if (SUMMED_CODES.has(code)) countTurnedAway();
    else if (status >= 500) log.error({ request_id: requestState(request).requestId, code, err: error }, "request failed");
  };
}

function toAnswer(problem: ProblemError, request: Request): Answer {
  return {
    status: problem.status,
    type: "application/problem+json",
    headers: problem.headers,
    body: problemBody({
      code: problem.code,
      detail: problem.message,
      instance: request.path,
      requestId: requestState(request).requestId,
      errors: problem.errors,
    }),
  };
}

const INTERNAL = "The server failed on this request. Its log has the reason under the request_id.";

function toProblem(error: unknown, requestBody: unknown): ProblemError {
  if (error instanceof ProblemError) return error;
  return fromHttp(error, requestBody) ?? fromDatabase(error) ?? new ProblemError("server_fault", INTERNAL, { cause: error });
}
