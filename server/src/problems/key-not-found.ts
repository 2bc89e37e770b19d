import { ProblemError } from "./problem-error.ts";

export function keyNotFound(keyId: string): ProblemError {
  return new ProblemError("key_not_found", `No valid key has the id ${keyId}.`);
}
