/** In charge of what the database throws. */
import { AnswerTooLargeError, BusyError, ConnectionError, ConnectionLostError } from "../db/errors.ts";
import { SQLSTATE, sqlState } from "../db/sql-state.ts";
import { retryAdvice } from "./common.ts";
import { ProblemError } from "./problem-error.ts";

const BUSY = "Too many requests are waiting for the database.";
const UNAVAILABLE = "The database cannot be reached just now.";
const IN_USE = "Somebody else uses what this request needs for itself.";

/**
 * Cannot connect now, shutting down, starting up, too many connections, out of disk or memory, statement timeout, deadlock, a replica that
 * had to choose between the query and its primary, and a primary that has become a replica.
 */
const TEMPORARY_STATES = /^(08|53|57P0[1-3]|57014|40001|40P01|25P03|25006)/;

const LOST =
  "The connection to the database was lost. Whether the request was carried out is not known: look before you send it again.";

const TOO_LARGE =
  "What was asked for is too large to be read in one piece. Ask for fewer `columns`; a channel whose definition is so large can only be deleted.";

/**
 * Null when the error is not the database's.
 *
 * @param mayChange whether the request could have changed anything.
 */
export function fromDatabase(error: unknown, mayChange = true): ProblemError | null {
  if (error instanceof BusyError) return new ProblemError("database_busy", `${BUSY} ${retryAdvice(mayChange)}`, { cause: error });
  const state = sqlState(error);
  if (state === SQLSTATE.layoutLimit) {
    return new ProblemError(
      "layout_limit",
      "No more storage tables may be made, and no existing one has room for these column types. Use the types of an existing channel.",
      { cause: error },
    );
  }
  if (state === SQLSTATE.tooManyChunks) {
    return new ProblemError(
      "layout_limit",
      "The storage of the channel has more chunks than can be given a new column at once. Clone the channel with the new schema and a sparser density, or ask who runs the server to raise max_locks_per_transaction.",
      { cause: error },
    );
  }
  if (state === SQLSTATE.lockNotAvailable) {
    return new ProblemError("database_unavailable", `${IN_USE} ${retryAdvice(mayChange)}`, { cause: error });
  }
  if (isConnectionLoss(error) && mayChange) return new ProblemError("outcome_unknown", LOST, { cause: error });
  // Not for a while: the next try would end in the same way.
  if (error instanceof AnswerTooLargeError) return new ProblemError("server_fault", TOO_LARGE, { cause: error });
  if (error instanceof ConnectionError || isConnectionLoss(error) || (state !== null && TEMPORARY_STATES.test(state))) {
    return new ProblemError("database_unavailable", `${UNAVAILABLE} ${retryAdvice(mayChange)}`, { cause: error });
  }
  return null;
}

/** Whether the connection was lost while a statement ran, so that nobody can say if it was committed. */
export function isConnectionLoss(error: unknown): boolean {
  return error instanceof ConnectionLostError;
}
