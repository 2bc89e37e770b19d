/** In charge of what can go wrong on the way to a database, each kind with what is known about it. */
import { ConnectionError } from "slonik";
import { EXIT, OperatorError } from "../config/operator-error.ts";

/** A connection could not be opened, says Slonik. */
export { ConnectionError };

/** All connections of a database role are in use, and too many requests wait for one already, or this one has waited too long. Nothing was begun. */
export class BusyError extends Error {
  override name = "BusyError";
}

/** The connection ended while a statement ran on it: whether it was committed is not known here. */
export class ConnectionLostError extends Error {
  override name = "ConnectionLostError";

  constructor(cause: unknown) {
    super(`the connection to the database was lost: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
}

/** The answer to a statement had a value that is too long for a text of JavaScript. The connection was closed, for its stream cannot be read on. */
export class AnswerTooLargeError extends ConnectionLostError {
  override name = "AnswerTooLargeError";
}

/** The database of a setting cannot be opened: wrong address, user or password, or a database that is not up yet. */
export class UnreachableError extends OperatorError {
  override name = "UnreachableError";

  constructor(setting: string, cause: unknown) {
    super(
      EXIT.unavailable,
      `The database of ${setting} cannot be opened: ${reasonOf(cause)}. Check that it runs, and that address, name, user and password are right.`,
      { cause },
    );
  }
}

/** A name with several addresses fails with one error for each, and no words of its own. */
function reasonOf(cause: unknown): string {
  if (cause instanceof AggregateError) return cause.errors.map(reasonOf).join(", ");
  return cause instanceof Error ? cause.message : String(cause);
}

/** Says something about a request, and nothing about the connection on which that was found out: it can go on being used. */
export class Refusal extends Error {
  override name = "Refusal";
}
