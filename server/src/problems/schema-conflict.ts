import { type Fault, MAX_FAULTS } from "./fault.ts";
import { ProblemError } from "./problem-error.ts";

/** @param remedy a sentence that says what to do. */
export function schemaConflict(differences: readonly Fault[], remedy: string): ProblemError {
  const errors = differences.slice(0, MAX_FAULTS);
  const places = errors.map(({ pointer, detail }) => `${pointer}: ${detail}`).join("; ");
  return new ProblemError("schema_conflict", `The channel has another schema: ${places}. ${remedy}`, { errors });
}
