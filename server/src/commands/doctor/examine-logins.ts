/** In charge of the logins of the database roles: that each gets in as its role, and whether it could become another. */
import type { Config } from "../../config/config.ts";
import { createRolePool } from "../../db/pool/create-role-pool.ts";
import { DATABASE_ROLES, type DatabaseRole, type PerDatabaseRole } from "../../config/database-role.ts";
import { roleUrl } from "../../db/role-url.ts";
import { actsAs } from "../../db/queries/actsAs.ts";
import { canSwitchRole } from "../../db/queries/canSwitchRole.ts";
import { type Check, fail, ok, warn } from "./check.ts";

const NAME = "database logins";
const STATEMENT_TIMEOUT_MS = 10_000;

/** Of a native database whose roles are there. */
export async function examineLogins(config: Config, roles: PerDatabaseRole<string>): Promise<Check[]> {
  const found = await Promise.all(DATABASE_ROLES.map((role) => examineLogin(config, role, roles)));
  const faults = found.flatMap((outcome) => (typeof outcome === "boolean" ? [] : [outcome]));
  if (faults.length > 0) return faults;
  return found.includes(true)
    ? [
        warn(
          NAME,
          "one login serves more than one database role, so SQL that got into a statement could change roles",
          'Give each database role a login of its own: "kronicle db logins" prints what is needed.',
        ),
      ]
    : [ok(NAME, "each role has its own, and none can become another")];
}

/** Whether the login of the role could become another; or what keeps it from being its own. */
async function examineLogin(config: Config, role: DatabaseRole, roles: PerDatabaseRole<string>): Promise<boolean | Check> {
  const setting = config.roleUrls[role] === null ? "DATABASE_URL" : `KRONICLE_${role.toUpperCase()}_DATABASE_URL`;
  try {
    const pool = await createRolePool(roleUrl(config, role, roles[role]), { size: 1, statementTimeoutMs: STATEMENT_TIMEOUT_MS });
    try {
      if (!(await actsAs(pool, roles[role]))) {
        return fail(
          NAME,
          `the login of ${setting} does not act as ${roles[role]}`,
          `Set ${setting} to a login of the database role ${role}.`,
        );
      }
      return await canSwitchRole(pool, roles);
    } finally {
      await pool.end();
    }
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return fail(NAME, `the database role ${role} is not let in: ${reason}`, `Check address, name and password in ${setting}.`);
  }
}
