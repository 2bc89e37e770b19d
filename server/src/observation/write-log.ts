/** In charge of what the log shows: never a header, a query or a body, for they may hold secrets and data. */
import type { Logger } from "./logger.ts";
import type { ProblemCode } from "../problems/codes.ts";
import type { Observe, ObservedRequest } from "./observation.ts";

/** An API key or a token that a caller put into a path in the place of its id. */
const CREDENTIAL = /(krn_|eyJ)[^/]+/g;

/** A fault of ours. All other failures are of what the server depends on: they come in crowds, and their stack says nothing. */
const SERVER_FAULT = 500;

/** Refusals of unknown callers are only logged, and summed: stored, they would let anybody fill the database. */
const REFUSALS_SUMMED_MS = 60_000;

/** Overload would be the worse for a line for each request. */
const OVERLOAD_CODES: ReadonlySet<ProblemCode> = new Set(["database_busy", "server_busy"]);
const OVERLOAD_SUMMED_MS = 10_000;

export function writeLog(log: Logger): Observe {
  const countRefusal = countInLog(log, "requests without a valid credential", REFUSALS_SUMMED_MS);
  const countTurnedAway = countInLog(log, "requests turned away by overload", OVERLOAD_SUMMED_MS);

  return (observation) => {
    switch (observation.event) {
      case "listening": {
        const { url, database } = observation;
        return log.info({ url, database }, "listening");
      }
      case "request_ended": {
        const { request, method, path, status, durationMs } = observation;
        const { operation, principal, problem } = request;
        return log.info(
          {
            ...idsOf(request),
            method,
            path: path.replaceAll(CREDENTIAL, "$1…"),
            operation: operation?.id,
            principal: principal?.id,
            status,
            code: problem ?? undefined,
            duration_ms: Math.round(durationMs * 10) / 10,
          },
          "request",
        );
      }
      case "request_failed": {
        const { request, code, status, error } = observation;
        if (OVERLOAD_CODES.has(code)) return countTurnedAway();
        const fields = { ...idsOf(request), operation: request.operation?.id, status, code };
        if (status === SERVER_FAULT) return log.error({ ...fields, err: error }, "request failed");
        if (status > SERVER_FAULT) log.warn({ ...fields, reason: describe(error) }, "request failed");
        return;
      }
      case "request_unreadable": {
        const { requestId, traceId, status, code, reason } = observation;
        return log.info({ request_id: requestId, trace_id: traceId, status, code, reason }, "unreadable request");
      }
      case "request_turned_away":
        return countTurnedAway();
      case "credential_refused":
        return countRefusal();
      case "refusal_unaudited": {
        const { request, error } = observation;
        const fields = { ...idsOf(request), operation: request.operation?.id, principal: request.principal?.id };
        return log.error({ ...fields, err: error }, "a refusal was not audited");
      }
      case "key_use_unnoted":
        return log.warn({ key_id: observation.keyId, err: observation.error }, "the use of a key was not noted");
      case "signing_keys_unread":
        return log.warn({ err: observation.error }, "the signing keys could not be read; it is tried again");
      case "cleaning_ended": {
        const { durationMs, purgedRows, forgottenKeys } = observation;
        const fields = { duration_ms: Math.round(durationMs), purged_rows: purgedRows, forgotten_keys: forgottenKeys };
        return log.debug(fields, "cleaned");
      }
      case "cleaning_failed":
        return log.warn({ task: observation.task, err: observation.error }, "cleaning failed; it is tried again");
      default:
        // The rest happens too often for a line, and is counted.
        return;
    }
  };
}

function idsOf({ requestId, traceId }: ObservedRequest): { readonly request_id: string; readonly trace_id: string } {
  return { request_id: requestId, trace_id: traceId };
}

/** The sentences of an error and of what caused it, in one line. */
function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause === undefined ? error.message : `${error.message} (${describe(error.cause)})`;
}

/** Counts what may come in masses, and is not worth a log line each: one line tells how many there were. */
function countInLog(log: Logger, message: string, everyMs: number): () => void {
  let count = 0;
  return () => {
    count += 1;
    if (count > 1) return;
    setTimeout(() => {
      log.warn({ count }, message);
      count = 0;
    }, everyMs).unref();
  };
}
