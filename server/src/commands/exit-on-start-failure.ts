/** In charge of the last words of a process that cannot start, or do what it was asked for: a sentence for what the operator can mend, the stack for the rest. */
import { printable } from "./output.ts";
import { OperatorError } from "../config/operator-error.ts";

const EXIT_FAULT_OF_OURS = 1;

export function exitOnStartFailure(error: unknown): never {
  const isOperators = error instanceof OperatorError;
  const text = error instanceof Error ? ((isOperators ? error.message : error.stack) ?? error.message) : String(error);
  process.stderr.write(`${printable(text)}\n`);
  process.exit(isOperators ? error.exitCode : EXIT_FAULT_OF_OURS);
}
