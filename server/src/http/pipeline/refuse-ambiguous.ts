/**
 * In charge of heads that two programs could read in two ways, such as a proxy that guards paths or hosts, and this server. Each is refused with
 * a problem; Node would refuse a missing Host without a body.
 */
import type { RequestHandler } from "express";
import { ProblemError } from "../../problems/problem-error.ts";

/** Express reads targets with these differently: it cuts off what follows a `#`, also within the query, and blanks at the ends. */
const AMBIGUOUS = /[\t\n\f\r #\u00a0\ufeff]/;

export const refuseAmbiguous: RequestHandler = (request, _response, next) => {
  const hosts = request.headersDistinct["host"] ?? [];
  if (request.httpVersion === "1.1" && hosts.length === 0)
    throw refusal("Host", "missing", "name the host that is asked", "The request has no Host header, which HTTP/1.1 asks for");
  // Node shows the first of several, and a proxy may have looked at another.
  if (hosts.length > 1) throw refusal("Host", "repeated", "it stands twice", "The request has several Host headers");
  if (AMBIGUOUS.test(request.url)) {
    const detail = "write # as %23 and a blank as %20";
    throw refusal("target", "malformed_target", detail, "The path or the query has a character that cannot stand there");
  }
  next();
};

function refusal(parameter: string, code: string, detail: string, sentence: string): ProblemError {
  return new ProblemError("request_invalid", `${sentence}: ${detail}.`, { errors: [{ parameter, code, detail }] });
}
