import { type CommonQueryMethods, sql } from "slonik";
import { userFields, type UserInfo, userInfo } from "./user-info.ts";

/** Null when there is no such user. */
export function deleteUser(connection: CommonQueryMethods, id: string): Promise<UserInfo | null> {
  return connection.maybeOne(sql.type(userInfo)`
    delete from kronicle.user_account u
    where u.id = ${id}::uuid
    returning ${userFields}
  `);
}
