import { type CommonQueryMethods, sql } from "slonik";
import type { Role } from "../../../access/role.ts";
import { userFields, type UserInfo, userInfo } from "./user-info.ts";

export type NewUser = {
  readonly email: string;
  readonly name: string | null;
  readonly fullName: string | null;
  readonly orcid: string | null;
  readonly role: Role;
  readonly passwordHash: string;
};

/** Null when another user has this e-mail, name or ORCID. */
export function insertUser(
  connection: CommonQueryMethods,
  { email, name, fullName, orcid, role, passwordHash }: NewUser,
): Promise<UserInfo | null> {
  return connection.maybeOne(sql.type(userInfo)`
    insert into kronicle.user_account as u (email, name, full_name, orcid, role, password_hash)
    values (${email}, ${name}, ${fullName}, ${orcid}, ${role}, ${passwordHash})
    on conflict do nothing
    returning ${userFields}
  `);
}
