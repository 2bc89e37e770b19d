/** In charge of the ids that tie a request to its log lines and its problem: its own, and that of the trace it belongs to. */
import { newTraceId, readTraceParent } from "../../formats/trace-context.ts";
import { randomUUID } from "node:crypto";
import type { RequestHandler } from "express";
import { setRequestState } from "./request-state.ts";

/** Ids from outside go into the log, so only plain ones are taken. */
const ACCEPTED_ID = /^[A-Za-z0-9._-]{1,128}$/;

export const requestId: RequestHandler = (request, response, next) => {
  // RFC 9112 lets a request name its whole target; from here on only the path counts.
  request.url = request.url.replace(/^https?:\/\/[^/?#]*/i, "") || "/";
  request.originalUrl = request.url;
  const given = request.get("X-Request-Id");
  const id = given !== undefined && ACCEPTED_ID.test(given) ? given : randomUUID();
  const traceParent = readTraceParent(request.headersDistinct["traceparent"] ?? []);
  setRequestState(request, {
    requestId: id,
    traceId: traceParent?.traceId ?? newTraceId(),
    traceParent,
    operation: null,
    path: {},
    filters: [],
    functions: [],
    contentType: null,
    fingerprint: null,
    principal: null,
    isStillValid: null,
    isHead: request.method === "HEAD",
    running: null,
    problem: null,
  });
  response.set("X-Request-Id", id);
  next();
};
