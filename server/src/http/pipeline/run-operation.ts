/** In charge of the step from HTTP to an operation and back. */
import type { Request, RequestHandler } from "express";
import type { OperationId, OperationRequest, Operations } from "../../contract/operation.ts";
import type { Observe } from "../../observation/observation.ts";
import { endWithCredential } from "./end-with-credential.ts";
import { isStream, type Reply } from "./reply.ts";
import { requestOperation, requestState } from "./request-state.ts";

export function runOperation<Context extends { readonly observe: Observe }>(
  operations: Operations<Context>,
  context: Context,
  reply: Reply,
): RequestHandler {
  return async (request, response) => {
    // The caller may have disconnected while the request was read; then nothing is begun.
    if (response.closed) return;
    const gone = new AbortController();
    response.once("close", () => {
      if (!response.writableFinished) gone.abort();
    });

    const { id } = requestOperation(request);
    if (!isOneOf(operations, id)) throw new Error(`the contract router let ${id} through, which has no handler`);
    const running = run(operations, id, request, gone.signal, context);
    requestState(request).running = running;
    const { status, headers, type = "application/json", body } = await running;
    if (isStream(body)) endWithCredential(requestState(request), response, context.observe);
    await reply(request, response, { status, type, headers: headers ?? {}, body });
  };
}

function isOneOf(operations: object, id: string): id is OperationId {
  return Object.hasOwn(operations, id);
}

function run<Id extends OperationId, Context>(
  operations: Operations<Context>,
  id: Id,
  request: Request,
  signal: AbortSignal,
  context: Context,
) {
  // The one place where HTTP becomes typed: the validator has just enforced the schemas that these types are generated from.
  const { path, filters, functions, contentType, fingerprint, principal, requestId } = requestState(request);
  const { query, headers, body } = request;
  const typed = {
    path,
    query,
    filters,
    functions,
    headers,
    contentType,
    body,
    fingerprint,
    principal,
    requestId,
    signal,
    preferredType: (types: readonly string[]) => request.accepts([...types]) || null,
  } as unknown as OperationRequest<Id>;
  return operations[id](typed, context);
}
