/** In charge of one log line per request: never a header, a query or a body, for they may hold secrets and data. */
import type { RequestHandler } from "express";
import type { Logger } from "../logger.ts";
import { requestState } from "./request-state.ts";

/** An API key or a token, which somebody took for its id and put into a path. */
const CREDENTIAL = /(krn_|eyJ)[^/]+/g;

export function accessLog(log: Logger): RequestHandler {
  return (request, response, next) => {
    const startedAt = performance.now();
    const { method, path } = request;
    response.once("close", () => {
      const { requestId, operation, principal } = requestState(request);
      log.info(
        {
          request_id: requestId,
          method,
          path: path.replaceAll(CREDENTIAL, "$1…"),
          operation: operation?.id,
          principal: principal?.id,
          status: response.writableFinished ? response.statusCode : "aborted",
          duration_ms: Math.round((performance.now() - startedAt) * 10) / 10,
        },
        "request",
      );
    });
    next();
  };
}
