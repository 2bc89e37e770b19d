import { ConnectionLostError } from "./connection-lost-error.ts";

/** The answer to a statement had a value that is too long for a text of JavaScript. The connection was closed: nobody can read on. */
export class AnswerTooLargeError extends ConnectionLostError {
  override name = "AnswerTooLargeError";
}
