import { ProblemError } from "../../problems/problem-error.ts";
import { requesterOf } from "../../access/principal.ts";

/** An admin cannot take away their own rights, so that no single change leaves a service without an admin. */
export function refuseOwnAccount(request: Parameters<typeof requesterOf>[0], userId: string): void {
  if (requesterOf(request).userId !== userId.toLowerCase()) return;
  throw new ProblemError(
    "own_account",
    "Nobody changes their own role, or disables or deletes their own account. Ask another admin.",
  );
}
