import type { Operation } from "../../contract/operation.ts";
import { recordAudit } from "../../audit/queries/recordAudit.ts";
import { revokeKey as revokeStored } from "./queries/revokeKey.ts";
import { keyNotFound } from "../../problems/common.ts";
import { authorOf } from "../../audit/author.ts";

export const revokeKey: Operation<"revokeKey"> = async (request, { database }) => {
  const { key_id } = request.path;
  return database.pools.auth.transaction(async (transaction) => {
    const revoked = await revokeStored(transaction, key_id);
    if (!revoked) throw keyNotFound(key_id);
    await recordAudit(transaction, { ...authorOf(request), action: "key_revoked", target: key_id });
    return { status: 200, body: revoked };
  });
};
