/** In charge of checking passwords: slowly, a few times per account, and without telling which accounts exist. */
import type { OperationContext } from "../../contract/operation.ts";
import { createHash } from "node:crypto";
import { inTurn, isPassword } from "../../access/passwords.ts";
import { countAudit } from "../../audit/queries/countAudit.ts";
import { countSignInAttempt } from "./queries/countSignInAttempt.ts";
import { forgetSignInAttempts } from "./queries/forgetSignInAttempts.ts";
import { type Account, selectAccount } from "../../access/queries/selectAccount.ts";
import { ProblemError } from "../../problems/problem-error.ts";

/** Within a quarter of an hour, for each account. */
const MAX_ATTEMPTS = 10;

type Attempt = { readonly login: string; readonly password: string; readonly requestId: string };

/** @throws ProblemError login_failed, too_many_attempts, sign_in_busy */
export async function checkPassword(attempt: Attempt, context: OperationContext): Promise<Account> {
  return inTurn(() => check(attempt, context));
}

async function check({ login, password, requestId }: Attempt, { database }: OperationContext): Promise<Account> {
  const pool = database.pools.auth;
  const account = await selectAccount(pool, { login });
  const target = account?.id ?? null;
  const accountHash = createHash("sha256")
    .update(target ?? `unknown ${login.toLowerCase()}`)
    .digest();

  const { attempts, seconds_left } = await countSignInAttempt(pool, accountHash);
  if (attempts > MAX_ATTEMPTS) {
    await countAudit(pool, { actor: null, action: "sign_in_throttled", target, requestId });
    throw new ProblemError("too_many_attempts", `Too many attempts for this account. Try again in ${seconds_left} seconds.`, {
      headers: { "Retry-After": String(seconds_left) },
    });
  }
  const isKnown = await isPassword(account?.password_hash ?? null, password);
  if (!account || !isKnown || account.is_disabled) {
    await countAudit(pool, { actor: null, action: "sign_in_failed", target, requestId });
    throw new ProblemError("login_failed", "Login or password is wrong, or the account is disabled.", {
      headers: { "WWW-Authenticate": 'Bearer realm="kronicle"' },
    });
  }
  await forgetSignInAttempts(pool, accountHash);
  return account;
}
