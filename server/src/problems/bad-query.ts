import type { Fault } from "./fault.ts";
import { ProblemError } from "./problem-error.ts";

export function badQuery(errors: readonly Fault[]): ProblemError {
  return new ProblemError("query_invalid", errors.map(({ parameter, detail }) => `${parameter}: ${detail}`).join("; "), {
    errors,
  });
}
