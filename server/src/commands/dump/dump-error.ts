/** In charge of what is wrong with a dump, or with the file that it lies in. */
import { EXIT, OperatorError } from "../../config/operator-error.ts";

const MAX_MESSAGE = 1_000;

/** A dump that cannot be read, or cannot be made: broken, cut off, or of a version that is not known here. */
export class DumpError extends OperatorError {
  override name = "DumpError";

  constructor(message: string) {
    // What is quoted of a dump may have any size.
    super(EXIT.data, message.length > MAX_MESSAGE ? `${message.slice(0, MAX_MESSAGE)}…` : message);
  }
}

/** A file of the operator's cannot be read, or not be written. */
export class FileError extends OperatorError {
  override name = "FileError";

  constructor(use: "read" | "write", message: string, options?: ErrorOptions) {
    super(use === "read" ? EXIT.noInput : EXIT.cannotCreate, message, options);
  }
}

/** @param number of the line, counted from one. */
export function brokenLine(number: number, reason: string): DumpError {
  return new DumpError(`Line ${number} of the dump is broken: ${reason}.`);
}
