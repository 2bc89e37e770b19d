/** In charge of what the steps of the pipeline know about a request, typed, and beside it rather than on it. */
import type { AskedCondition } from "@kronicle/client/filter-grammar";
import type { Request } from "express";
import type { TraceParent } from "../../formats/trace-context.ts";
import type { ProblemCode } from "../../problems/codes.ts";
import type { ContractOperation } from "../../contract/contract.ts";
import type { FunctionChoice } from "../../contract/operation.ts";
import type { Principal } from "../../access/principal.ts";

export type RequestState = {
  readonly requestId: string;
  /** Of the trace that the caller began, or of a new one. */
  traceId: string;
  /** Where in that trace the request comes from; null when the trace begins here. */
  readonly traceParent: TraceParent | null;
  operation: ContractOperation | null;
  /** Values of the path parameters, as text. */
  path: Readonly<Record<string, unknown>>;
  /** Filters on rows, in brackets or as `where`. */
  filters: readonly AskedCondition[];
  /** What to answer of columns: `fn[temperature]=avg,max`. */
  functions: readonly FunctionChoice[];
  /** Media type of the body, without parameters. */
  contentType: string | null;
  /** Hash of everything that a repeated request has to have in common with the first; only made for an Idempotency-Key. */
  fingerprint: Buffer | null;
  principal: Principal | null;
  /** Whether the credential still stands for the one who asked: for answers that take their time. Null where nobody was asked for one. */
  isStillValid: (() => Promise<boolean>) | null;
  /** Whether the caller wants the head of the answer only. */
  isHead: boolean;
  /** What the operation does, once it has begun. */
  running: Promise<unknown> | null;
  /** The problem that was answered. */
  problem: ProblemCode | null;
};

const states = new WeakMap<Request, RequestState>();

export function setRequestState(request: Request, state: RequestState): void {
  states.set(request, state);
}

export function requestState(request: Request): RequestState {
  const state = states.get(request);
  if (!state) throw new Error("the request has no state: the request id step has to run first");
  return state;
}

/** The operation that the path and the method name; only for steps after the contract router. */
export function requestOperation(request: Request): ContractOperation {
  const { operation } = requestState(request);
  if (!operation) throw new Error("the request has no operation: the contract router has to run first");
  return operation;
}
