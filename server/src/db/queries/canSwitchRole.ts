import { type CommonQueryMethods, sql } from "slonik";
import { z } from "zod";
import type { PerDatabaseRole } from "../../config/database-role.ts";

/** Whether SQL in this session could act as more than one database role. */
export function canSwitchRole(connection: CommonQueryMethods, roles: PerDatabaseRole<string>): Promise<boolean> {
  return connection.oneFirst(sql.type(z.object({ can_switch: z.boolean() }))`
    select count(*) filter (where pg_has_role(session_user, r.name, 'set')) > 1 as can_switch
    from unnest(${sql.array(Object.values(roles), "text")}) r (name)
  `);
}
