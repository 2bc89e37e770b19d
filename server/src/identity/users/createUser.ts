import type { Operation } from "../../contract/operation.ts";
import { insertUser } from "./queries/insertUser.ts";
import { recordAudit } from "../../audit/queries/recordAudit.ts";
import { ProblemError } from "../../problems/problem-error.ts";
import { checkTexts } from "../../contract/check-texts.ts";
import { planPassword } from "./plan-password.ts";
import { authorOf } from "../../audit/author.ts";

export const createUser: Operation<"createUser"> = async (request, { database }) => {
  checkTexts(request.body);
  const { password, full_name, name = null, orcid = null, role } = request.body;
  const email = request.body.email.toLowerCase();
  const passwordHash = await planPassword(password, { email, name }, "/password");
  const user = await database.pools.auth.transaction(async (transaction) => {
    const created = await insertUser(transaction, { email, name, fullName: full_name ?? null, orcid, role, passwordHash });
    if (!created) {
      throw new ProblemError("user_exists", "Another user has this e-mail, name or ORCID. Each belongs to one user only.");
    }
    await recordAudit(transaction, { ...authorOf(request), action: "user_created", target: created.id, details: { role } });
    return created;
  });
  return { status: 201, headers: { Location: `/rbac/v1/users/${user.id}` }, body: user };
};
