import type { Operation } from "../../contract/operation.ts";
import { recordAudit } from "../../audit/queries/recordAudit.ts";
import { selectUser } from "./queries/selectUser.ts";
import { updateUser } from "./queries/updateUser.ts";
import { SQLSTATE, sqlState } from "../../db/sql-state.ts";
import { ProblemError } from "../../problems/problem-error.ts";
import { userNotFound } from "../../problems/common.ts";
import { checkTexts } from "../../contract/check-texts.ts";
import { planPassword } from "./plan-password.ts";
import { requireRights } from "./require-rights.ts";
import { refuseOwnAccount } from "./refuse-own-account.ts";
import { authorOf } from "../../audit/author.ts";

export const patchUser: Operation<"patchUser"> = async (request, { database }) => {
  const { path, body } = request;
  checkTexts(body);
  const { password, ...fields } = body;
  if (body.role !== undefined || body.disabled !== undefined) refuseOwnAccount(request, path.user_id);
  const pool = database.pools.auth;
  const stored = await selectUser(pool, path.user_id);
  if (!stored) throw userNotFound(path.user_id);
  const passwordHash = password === undefined ? undefined : await planPassword(password, { ...stored, ...fields }, "/password");

  const change = pool.transaction(async (transaction) => {
    if (body.role !== undefined || body.disabled !== undefined) await requireRights(transaction, request);
    const { name, full_name, orcid, role, disabled } = fields;
    const changed = await updateUser(transaction, path.user_id, { name, full_name, orcid, role, disabled, passwordHash });
    if (!changed) throw userNotFound(path.user_id);
    // Which fields, and of those only the rights: the trail is no second copy of personal data.
    const details = { fields: Object.keys(body), role, disabled };
    await recordAudit(transaction, { ...authorOf(request), action: "user_changed", target: path.user_id, details });
    return changed;
  });
  return { status: 200, body: await orUserExists(change) };
};

async function orUserExists<T>(change: Promise<T>): Promise<T> {
  try {
    return await change;
  } catch (error) {
    if (sqlState(error) !== SQLSTATE.uniqueViolation) throw error;
    throw new ProblemError("user_exists", "Another user has this name or ORCID. Choose another.", { cause: error });
  }
}
