/** In charge of checking passwords: slowly, a few times per account, and without telling which accounts exist. */
import { createHash } from "node:crypto";
import type { DatabasePool } from "slonik";
import type { OperationContext } from "../../contract/operation.ts";
import pLimit from "p-limit";
import { isPassword, signInBusy } from "../../access/passwords.ts";
import { countAudit } from "../../audit/queries/countAudit.ts";
import { countSignInAttempt } from "./queries/countSignInAttempt.ts";
import { forgetSignInAttempts } from "./queries/forgetSignInAttempts.ts";
import { type Account, selectAccount } from "../../access/queries/selectAccount.ts";
import { ProblemError } from "../../problems/problem-error.ts";

/** Within a quarter of an hour, for each account. */
const MAX_ATTEMPTS = 10;

type Attempt = { readonly login: string; readonly password: string; readonly requestId: string };

/** How many may be at it: far more than wait for a hash, so that made-up logins do not keep real ones out. */
const MAX_OPEN = 512;
let open = 0;

/** The database looks after few at a time: API keys are looked up over the same two connections. */
const lookUp = pLimit(2);

/** @throws ProblemError login_failed, too_many_attempts, sign_in_busy */
export async function checkPassword(attempt: Attempt, context: OperationContext): Promise<Account> {
  if (open >= MAX_OPEN) throw signInBusy();
  open += 1;
  try {
    return await check(attempt, context);
  } finally {
    open -= 1;
  }
}

async function check({ login, password, requestId }: Attempt, { database }: OperationContext): Promise<Account> {
  const pool = database.pools.auth;
  const { account, target, accountHash } = await lookUp(() => countAttempt(pool, login, requestId));
  const isKnown = await isPassword(account?.password_hash ?? null, password);
  if (!account || !isKnown || account.is_disabled) {
    await lookUp(() => countAudit(pool, { actor: null, action: "sign_in_failed", target, requestId }));
    throw new ProblemError("login_failed", "Login or password is wrong, or the account is disabled.", {
      headers: { "WWW-Authenticate": 'Bearer realm="kronicle"' },
    });
  }
  await forgetSignInAttempts(pool, accountHash);
  return account;
}

/** Whether or not there is such an account, so that the answer to one attempt too many does not tell. */
async function countAttempt(pool: DatabasePool, login: string, requestId: string) {
  const account = await selectAccount(pool, { login });
  const target = account?.id ?? null;
  const accountHash = createHash("sha256")
    .update(target ?? `unknown ${login.toLowerCase()}`)
    .digest();

  const { attempts, seconds_left } = await countSignInAttempt(pool, accountHash);
  if (attempts <= MAX_ATTEMPTS) return { account, target, accountHash };
  await countAudit(pool, { actor: null, action: "sign_in_throttled", target, requestId });
  throw new ProblemError("too_many_attempts", `Too many attempts for this account. Try again in ${seconds_left} seconds.`, {
    headers: { "Retry-After": String(seconds_left) },
  });
}
