/** In charge of refusals: what any part of the server throws so that the caller gets a problem. */
import { type Fault, MAX_FAULTS } from "./fault.ts";
import { Refusal } from "../db/errors.ts";
import { type ProblemCode, PROBLEMS } from "./codes.ts";

type Options = ErrorOptions & {
  readonly errors?: readonly Fault[];
  readonly headers?: Readonly<Record<string, string>>;
};

/** A refusal with a code of the contract. Its message is the `detail` that the caller reads: nothing internal belongs there. */
export class ProblemError extends Refusal {
  override name = "ProblemError";
  readonly code: ProblemCode;
  readonly status: number;
  readonly errors: readonly Fault[];
  readonly headers: Readonly<Record<string, string>>;

  constructor(code: ProblemCode, detail: string, { errors = [], headers = {}, ...options }: Options = {}) {
    super(detail, options);
    this.code = code;
    this.status = PROBLEMS[code].status;
    this.errors = errors.slice(0, MAX_FAULTS);
    this.headers = this.status === 503 ? { "Retry-After": "1", ...headers } : headers;
  }
}
