import { makeApiKey } from "../../access/api-key.ts";
import type { Operation, OperationRequest } from "../../contract/operation.ts";
import { insertKey } from "./queries/insertKey.ts";
import { recordAudit } from "../../audit/queries/recordAudit.ts";
import { instantOf, parseInstant } from "../../formats/instant.ts";
import { ProblemError } from "../../problems/problem-error.ts";
import { checkTexts } from "../../contract/check-texts.ts";
import { authorOf } from "../../audit/author.ts";

export const createKey: Operation<"createKey"> = async (request, { database, now }) => {
  const { body } = request;
  checkTexts(body);
  const limits = {
    label: body.label ?? null,
    channels: body.channels?.map((id) => id.toLowerCase()) ?? null,
    tags: body.tags ?? null,
    expiresAt: readExpiry(body, now()),
  };
  checkLimits(body);
  const key = makeApiKey(body.lane);
  const created = await database.pools.auth.transaction(async (transaction) => {
    const { label, channels, tags, expiresAt } = limits;
    const details = { lane: body.lane, label, channels, tags, expires_at: expiresAt };
    await recordAudit(transaction, { ...authorOf(request), action: "key_created", target: key.keyId, details });
    return insertKey(transaction, key, limits);
  });
  return { status: 201, headers: { "Cache-Control": "no-store" }, body: { ...created, key: key.text } };
};

type Definition = OperationRequest<"createKey">["body"];

function checkLimits({ lane, channels, tags }: Definition): void {
  if (channels && lane === "admin") throw badKey("/channels", "not_for_lane", "a key of the admin lane has no limits");
  if (tags && lane !== "reader") throw badKey("/tags", "not_for_lane", "only a key of the reader lane is limited by tags");
}

function readExpiry({ expires_at }: Definition, now: number): string | null {
  if (expires_at === undefined) return null;
  const expiry = parseInstant(expires_at);
  if (expiry && expiry.text > instantOf(now).text) return expiry.text;
  throw badKey("/expires_at", "not_in_future", "expected a time in the future, RFC 3339 with an offset");
}

function badKey(pointer: string, code: string, detail: string): ProblemError {
  return new ProblemError("request_invalid", `The key cannot be made: ${pointer}: ${detail}.`, {
    errors: [{ pointer, code, detail }],
  });
}
