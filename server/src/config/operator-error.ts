/** In charge of what an operator can mend: a sentence for a person, and the code with which the process ends. */

/** After sysexits.h, so that a supervisor can tell a mistake from an outage. */
export const EXIT = {
  /** The command was not understood. */
  usage: 64,
  /** What was to be read is broken. */
  data: 65,
  /** What was to be read is not there. */
  noInput: 66,
  /** It may help to start again later. */
  unavailable: 69,
  /** What was to be written cannot be. */
  cannotCreate: 73,
  /** Starting again without a change is useless. */
  config: 78,
} as const;

/** Its message says what is wrong and what to do; no stack is shown with it. */
export class OperatorError extends Error {
  override name = "OperatorError";
  readonly exitCode: number;

  constructor(exitCode: (typeof EXIT)[keyof typeof EXIT], message: string, options?: ErrorOptions) {
    super(message, options);
    this.exitCode = exitCode;
  }
}
