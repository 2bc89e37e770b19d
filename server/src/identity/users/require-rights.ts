import type { CommonQueryMethods } from "slonik";
import { requesterOf } from "../../access/principal.ts";
import { selectAccount } from "../../access/queries/selectAccount.ts";
import { credentialInvalid } from "../../problems/common.ts";
import { lockRights } from "./queries/lockRights.ts";

/**
 * Whoever takes rights from others still has theirs at that moment, and nobody takes their own: so no change, however many come at once,
 * leaves a service without an admin. Two admins who disabled each other at the same moment were both let.
 *
 * @throws ProblemError credential_invalid when the account of the caller was disabled, demoted or deleted since the request was let in.
 */
export async function requireRights(transaction: CommonQueryMethods, request: Parameters<typeof requesterOf>[0]): Promise<void> {
  await lockRights(transaction);
  const { userId } = requesterOf(request);
  if (userId === null) return;
  const account = await selectAccount(transaction, { id: userId });
  if (!account || account.is_disabled || account.role !== "admin") throw credentialInvalid();
}
