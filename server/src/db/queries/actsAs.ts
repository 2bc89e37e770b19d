import { type CommonQueryMethods, sql } from "slonik";
import { z } from "zod";

/** Whether SQL in this session has the rights of this role. */
export function actsAs(connection: CommonQueryMethods, role: string): Promise<boolean> {
  return connection.oneFirst(sql.type(z.object({ acts: z.boolean() }))`select current_user = ${role} as acts`);
}
