/** In charge of the span of a request. It is only among the steps when somebody collects traces. */
import { context, createTraceState, ROOT_CONTEXT, SpanKind, SpanStatusCode, trace } from "@opentelemetry/api";
import type { RequestHandler } from "express";
import { requestState } from "./request-state.ts";

const tracer = trace.getTracer("kronicle");

export const traceRequest: RequestHandler = (request, response, next) => {
  const state = requestState(request);
  const { requestId, traceParent } = state;
  const { method } = request;
  const parent = traceParent
    ? trace.setSpanContext(ROOT_CONTEXT, {
        traceId: traceParent.traceId,
        spanId: traceParent.spanId,
        traceFlags: traceParent.flags,
        traceState: createTraceState(request.get("tracestate") ?? ""),
        isRemote: true,
      })
    : ROOT_CONTEXT;
  const attributes = { "http.request.method": method, "kronicle.request_id": requestId };
  const span = tracer.startSpan(method, { kind: SpanKind.SERVER, attributes }, parent);
  state.traceId = span.spanContext().traceId;

  response.once("close", () => {
    const { operation, problem } = state;
    if (operation) span.updateName(`${method} ${operation.path}`);
    if (operation) span.setAttributes({ "http.route": operation.path, "kronicle.operation": operation.id });
    if (response.writableFinished) span.setAttribute("http.response.status_code", response.statusCode);
    // A refusal is no failure of the server.
    const isFailure = !response.writableFinished || response.statusCode >= 500;
    if (isFailure) span.setStatus({ code: SpanStatusCode.ERROR }).setAttribute("error.type", problem ?? "aborted");
    else if (problem) span.setAttribute("kronicle.problem", problem);
    span.end();
  });
  context.with(trace.setSpan(parent, span), next);
};
