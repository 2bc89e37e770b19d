/** In charge of the types of handlers, all derived from the contract: what one gets, and what it may answer. */
import type { AskedCondition, FilterOperator } from "@kronicle/client/filter-grammar";
import type { Access } from "../access/access.ts";
import type { Principal } from "../access/principal.ts";
import type { Config } from "../config/config.ts";
import type { Database } from "../db/database.ts";
import type { Metrics } from "../observation/metrics.ts";
import type { Observe } from "../observation/observation.ts";
import type { ConstantText } from "./constant-text.ts";
import type { Contract } from "./contract.ts";
import type { JsonText } from "./json-text.ts";
import type { operations } from "@kronicle/client/contract-types";

export type OperationId = keyof operations;

type Parameters<Id extends OperationId, Place extends "path" | "query" | "header"> = [
  NonNullable<operations[Id]["parameters"][Place]>,
] extends [never]
  ? Record<string, never>
  : NonNullable<operations[Id]["parameters"][Place]>;

/** Node writes the names of headers in lower case. */
type Headers<Id extends OperationId> = {
  readonly [Name in keyof Parameters<Id, "header"> & string as Lowercase<Name>]?: Parameters<Id, "header">[Name];
};

type RequestBody<Id extends OperationId> = operations[Id] extends { requestBody: { content: infer Content } }
  ? { [Type in keyof Content]: { readonly contentType: Type; readonly body: Content[Type] } }[keyof Content]
  : { readonly contentType: null; readonly body: undefined };

/** What to answer of a column: `fn[temperature]=avg,max`. */
export type FunctionChoice = { readonly column: string; readonly functions: readonly string[] };

/** A request of this operation, after the contract has been enforced. */
export type OperationRequest<Id extends OperationId> = {
  readonly path: Readonly<Parameters<Id, "path">>;
  readonly query: Readonly<Omit<Parameters<Id, "query">, FilterOperator | "where" | "fn">>;
  /** Filters on rows, in brackets or as `where`. */
  readonly filters: readonly AskedCondition[];
  /** What to answer of columns, in brackets. */
  readonly functions: readonly FunctionChoice[];
  readonly headers: Headers<Id>;
  /** The caller; null on operations that are open to all. */
  readonly principal: Principal | null;
  /** Hash of the whole request; only there with an Idempotency-Key. */
  readonly fingerprint: Buffer | null;
  readonly requestId: string;
  /** The one of these media types that the `Accept` header prefers; the first when it does not care, and null when it allows none. */
  readonly preferredType: (types: readonly string[]) => string | null;
  /** Aborted when the caller has gone. */
  readonly signal: AbortSignal;
} & RequestBody<Id>;

type Responses<Id extends OperationId> = operations[Id]["responses"];
type SuccessStatus<Id extends OperationId> = Extract<keyof Responses<Id>, 200 | 201>;

type DeclaredHeaders<Response> = Response extends { headers: infer Headers }
  ? { readonly [Name in keyof Headers as string extends Name ? never : Name]?: string }
  : never;

type Content<Response> = Response extends { content: infer Media }
  ? {
      [Type in keyof Media]: {
        readonly type: Type;
        readonly body: Media[Type] | JsonText | ConstantText | AsyncIterable<string>;
      };
    }[keyof Media]
  : never;

type JsonContent<Response> = Response extends { content: { "application/json": infer Json } }
  ? { readonly type?: never; readonly body: Json | JsonText | ConstantText }
  : never;

/** An answer that the contract allows. The media type may be left out where it is JSON. Refusals are thrown as ProblemError. */
type Reply<Id extends OperationId> = {
  [Status in SuccessStatus<Id>]: {
    readonly status: Status;
    readonly headers?: DeclaredHeaders<Responses<Id>[Status]>;
  } & (Content<Responses<Id>[Status]> | JsonContent<Responses<Id>[Status]>);
}[SuccessStatus<Id>];

/** What every operation may use. A room whose operations need more says so by a wider type, and `context.ts` makes all of it. */
export type OperationContext = {
  readonly config: Config;
  /** Where events go: into the log and the metrics. */
  readonly observe: Observe;
  readonly metrics: Metrics;
  readonly contract: Contract;
  readonly database: Database;
  readonly access: Access;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Aborted once the process is asked to stop: it answers what it has, and says that it is not ready for more. */
  readonly stopping: AbortSignal;
};

export type Operation<Id extends OperationId, Context = OperationContext> = (
  request: OperationRequest<Id>,
  context: Context,
) => Promise<Reply<Id>>;

/** A handler for each operation of the contract, no more and no fewer: anything else does not compile. */
export type Operations<Context = OperationContext> = { readonly [Id in OperationId]: Operation<Id, Context> };
