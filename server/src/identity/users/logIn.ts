import { issueAccessToken, TOKEN_LIFETIME_S } from "../../access/access-tokens.ts";
import type { Operation } from "../../contract/operation.ts";
import { recordAudit } from "../../audit/queries/recordAudit.ts";
import { checkPassword } from "./check-password.ts";
import { checkTexts } from "../../contract/check-texts.ts";

export const logIn: Operation<"logIn"> = async ({ body, requestId }, context) => {
  checkTexts(body);
  const account = await checkPassword({ ...body, requestId }, context);
  await recordAudit(context.database.pools.auth, { actor: account.id, action: "signed_in", target: account.id, requestId });
  const access_token = await issueAccessToken(context.access.signingKeys, account);
  return {
    status: 200,
    headers: { "Cache-Control": "no-store" },
    body: { access_token, token_type: "bearer", expires_in: TOKEN_LIFETIME_S },
  };
};
