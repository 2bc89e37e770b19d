import type { DatabasePool } from "slonik";
import type { Config } from "../../config/config.ts";
import { existsUser } from "./queries/existsUser.ts";
import { insertUser } from "./queries/insertUser.ts";
import { recordAudit } from "../../audit/queries/recordAudit.ts";
import { hashPassword } from "../../access/passwords.ts";

/** Makes the user that the configuration names, if there is no user at all. It never changes one: the password may be another by now. */
export async function ensureFirstAdmin(pool: DatabasePool, admin: Config["firstAdmin"]): Promise<void> {
  if (!admin || (await existsUser(pool))) return;
  const passwordHash = await hashPassword(admin.password);
  await pool.transaction(async (transaction) => {
    const { email } = admin;
    const user = await insertUser(transaction, { email, name: null, fullName: null, orcid: null, role: "admin", passwordHash });
    // Null: another server was quicker.
    if (user) {
      const details = { role: "admin", by: "configuration" };
      await recordAudit(transaction, { actor: null, action: "user_created", target: user.id, requestId: null, details });
    }
  });
}
