import { makeApiKey } from "../../access/api-key.ts";
import type { Operation } from "../../contract/operation.ts";
import { expireKey } from "./queries/expireKey.ts";
import { insertKey } from "./queries/insertKey.ts";
import { recordAudit } from "../../audit/queries/recordAudit.ts";
import { keyNotFound } from "../../problems/common.ts";
import { authorOf } from "../../audit/author.ts";

const DEFAULT_OVERLAP_SECONDS = 86_400;

/** Both keys work for a while, so that a program can change over without a refused request. */
export const rotateKey: Operation<"rotateKey"> = async (request, { database }) => {
  const { key_id } = request.path;
  const overlap = request.body?.overlap_seconds ?? DEFAULT_OVERLAP_SECONDS;
  return database.pools.auth.transaction(async (transaction) => {
    const old = await expireKey(transaction, key_id, overlap);
    if (!old) throw keyNotFound(key_id);
    const { label, channels, tags, expires_at_before } = old;
    const key = makeApiKey(old.lane);
    const details = { replaced_by: key.keyId, overlap_seconds: overlap };
    await recordAudit(transaction, { ...authorOf(request), action: "key_rotated", target: key_id, details });
    const created = await insertKey(transaction, key, { label, channels, tags, expiresAt: expires_at_before });
    return { status: 201, headers: { "Cache-Control": "no-store" }, body: { ...created, key: key.text } };
  });
};
