import { issueAccessToken, TOKEN_LIFETIME_S } from "../../access/access-tokens.ts";
import type { Operation } from "../../contract/operation.ts";
import { recordAudit } from "../../audit/queries/recordAudit.ts";
import { selectAccount } from "../../access/queries/selectAccount.ts";
import { updateUser } from "./queries/updateUser.ts";
import { credentialInvalid } from "../../problems/common.ts";
import { ProblemError } from "../../problems/problem-error.ts";
import { checkPassword } from "./check-password.ts";
import { checkTexts } from "../../contract/check-texts.ts";
import { planPassword } from "./plan-password.ts";
import { authorOf } from "../../audit/author.ts";
import { requesterOf } from "../../access/principal.ts";

/** All tokens issued before become void, so the answer brings a new one. */
export const changePassword: Operation<"changePassword"> = async (request, context) => {
  const { body, requestId } = request;
  checkTexts(body);
  const { userId } = requesterOf(request);
  if (userId === null) throw new ProblemError("account_needed", "Only a user who has signed in has a password to change.");
  if (body.confirm_password !== undefined && body.confirm_password !== body.new_password) {
    throw badField("/confirm_password", "differs", "the new password and its repetition differ");
  }
  const pool = context.database.pools.auth;
  const own = await selectAccount(pool, { id: userId });
  // Deleted a moment ago: the token is remembered for a few seconds.
  if (!own) throw credentialInvalid();
  const named = body.login === undefined ? own : await selectAccount(pool, { login: body.login });
  if (named?.id !== userId)
    throw badField("/login", "not_own", "only the password of the account that has signed in can be changed");

  await checkPassword({ login: own.email, password: body.password, requestId }, context);
  const passwordHash = await planPassword(body.new_password, own, "/new_password");
  const changed = await pool.transaction(async (transaction) => {
    await updateUser(transaction, userId, { passwordHash });
    const account = await selectAccount(transaction, { id: userId });
    if (!account) throw credentialInvalid();
    await recordAudit(transaction, { ...authorOf(request), action: "password_changed", target: userId });
    return account;
  });
  const access_token = await issueAccessToken(context.access.signingKeys, changed);
  return {
    status: 200,
    headers: { "Cache-Control": "no-store" },
    body: { access_token, token_type: "bearer", expires_in: TOKEN_LIFETIME_S },
  };
};

function badField(pointer: string, code: string, detail: string): ProblemError {
  return new ProblemError("request_invalid", `${pointer}: ${detail}.`, { errors: [{ pointer, code, detail }] });
}
