import type { Operation } from "../../contract/operation.ts";
import { deleteUser as deleteStored } from "./queries/deleteUser.ts";
import { recordAudit } from "../../audit/queries/recordAudit.ts";
import { userNotFound } from "../../problems/common.ts";
import { requireRights } from "./require-rights.ts";
import { refuseOwnAccount } from "./refuse-own-account.ts";
import { authorOf } from "../../audit/author.ts";

export const deleteUser: Operation<"deleteUser"> = async (request, { database }) => {
  const { user_id } = request.path;
  refuseOwnAccount(request, user_id);
  return database.pools.auth.transaction(async (transaction) => {
    await requireRights(transaction, request);
    const deleted = await deleteStored(transaction, user_id);
    if (!deleted) throw userNotFound(user_id);
    await recordAudit(transaction, { ...authorOf(request), action: "user_deleted", target: user_id });
    return { status: 200, body: deleted };
  });
};
