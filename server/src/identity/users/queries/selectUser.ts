import { type CommonQueryMethods, sql } from "slonik";
import { userFields, type UserInfo, userInfo } from "./user-info.ts";

/** Null when there is no such user. */
export function selectUser(connection: CommonQueryMethods, id: string): Promise<UserInfo | null> {
  return connection.maybeOne(sql.type(userInfo)`
    select ${userFields}
    from kronicle.user_account u
    where u.id = ${id}::uuid
  `);
}
