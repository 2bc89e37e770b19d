/** In charge of the one header that HTTP/1.1 asks for. Node would refuse without a body; here it becomes a problem like everything else. */
import type { RequestHandler } from "express";
import { ProblemError } from "../../problems/problem-error.ts";

export const requireHost: RequestHandler = (request, _response, next) => {
  if (request.httpVersion === "1.1" && request.headers.host === undefined) {
    throw new ProblemError("request_invalid", "The request has no Host header, which HTTP/1.1 asks for.", {
      errors: [{ parameter: "Host", code: "missing", detail: "name the host that is asked" }],
    });
  }
  next();
};
