import { ProblemError } from "./problem-error.ts";

export function userNotFound(id: string): ProblemError {
  return new ProblemError("user_not_found", `No user has the id ${id}.`);
}
