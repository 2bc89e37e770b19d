/** In charge of telling when a request comes and what became of it. */
import type { RequestHandler } from "express";
import type { Observe } from "../../observation/observation.ts";
import { requestState } from "./request-state.ts";

export function observeRequest(observe: Observe): RequestHandler {
  return (request, response, next) => {
    const startedAt = performance.now();
    const { method, path } = request;
    const state = requestState(request);
    observe({ event: "request_began", request: state });
    response.once("close", () => {
      const status = response.writableFinished ? response.statusCode : "aborted";
      observe({ event: "request_ended", request: state, method, path, status, durationMs: performance.now() - startedAt });
    });
    next();
  };
}
