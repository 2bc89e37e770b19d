/** In charge of telling how long each statement took, and how it failed. */
import type { Interceptor } from "slonik";
import type { DatabaseRole } from "../../config/database-role.ts";
import { sqlState } from "../sql-state.ts";

/** `error` is the class of its SQLSTATE, or `connection` when the database could not say. */
export type StatementEnded = {
  readonly event: "statement_ended";
  readonly role: DatabaseRole;
  readonly durationMs: number;
  readonly error: string | null;
};

export type ObserveStatement = (observation: StatementEnded) => void;

const NS_PER_MS = 1_000_000;

export function observeStatements(role: DatabaseRole, observe: ObserveStatement): Interceptor {
  const end = (startedAt: bigint | number, error: string | null): null => {
    const durationMs = Number(process.hrtime.bigint() - BigInt(startedAt)) / NS_PER_MS;
    observe({ event: "statement_ended", role, durationMs, error });
    return null;
  };
  return {
    name: "observe-statements",
    afterQueryExecution: ({ queryInputTime }) => end(queryInputTime, null),
    dataIntegrityError: ({ queryInputTime }) => end(queryInputTime, null),
    queryExecutionError: ({ queryInputTime }, _query, error) => end(queryInputTime, sqlState(error)?.slice(0, 2) ?? "connection"),
  };
}
