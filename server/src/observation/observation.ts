/**
 * In charge of what the server tells about itself: typed events. The code that emits one says what happened; the log and the metrics decide what
 * they show of it.
 */
import type { StatementEnded } from "../db/pool/observe-statements.ts";
import type { ProblemCode } from "../problems/codes.ts";

/** What is known of a request by the time of an event. */
export type ObservedRequest = {
  readonly requestId: string;
  /** Of the trace that the caller began, or of a new one (W3C Trace Context). */
  readonly traceId: string;
  /** Null until the path and the method have led to one. */
  readonly operation: { readonly id: string; readonly path: string } | null;
  readonly principal: { readonly id: string } | null;
  /** The problem that was answered. */
  readonly problem: ProblemCode | null;
};

type AboutRequest = { readonly request: ObservedRequest };

type Observation =
  | { readonly event: "listening"; readonly url: string; readonly database: "embedded" | "native" }
  | ({ readonly event: "request_began" } & AboutRequest)
  | ({
      readonly event: "request_ended";
      readonly method: string;
      /** As it was sent: it may hold anything. */
      readonly path: string;
      readonly status: number | "aborted";
      readonly durationMs: number;
    } & AboutRequest)
  | ({
      readonly event: "request_failed";
      readonly code: ProblemCode;
      readonly status: number;
      readonly error: unknown;
    } & AboutRequest)
  | {
      readonly event: "request_unreadable";
      readonly requestId: string;
      readonly traceId: string;
      readonly code: ProblemCode;
      readonly status: number;
      readonly reason: string | undefined;
    }
  /** Before anything was done for it: what it asks for is not known. */
  | { readonly event: "request_turned_away"; readonly code: ProblemCode; readonly status: number }
  | ({ readonly event: "credential_refused" } & AboutRequest)
  | ({ readonly event: "refusal_unaudited"; readonly error: unknown } & AboutRequest)
  | { readonly event: "rows_appended"; readonly stored: number; readonly rejected: number; readonly isReplayed: boolean }
  | { readonly event: "rows_read"; readonly rows: number }
  | { readonly event: "group_stored"; readonly appends: number; readonly rows: number; readonly durationMs: number }
  | StatementEnded
  | { readonly event: "key_use_unnoted"; readonly keyId: string; readonly error: unknown }
  | { readonly event: "signing_keys_unread"; readonly error: unknown }
  | { readonly event: "cleaning_ended"; readonly durationMs: number; readonly purgedRows: number; readonly forgottenKeys: number }
  | { readonly event: "cleaning_failed"; readonly task: string; readonly error: unknown };

export type Observe = (observation: Observation) => void;
