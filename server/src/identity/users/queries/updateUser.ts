import { type CommonQueryMethods, sql } from "slonik";
import type { Role } from "../../../access/role.ts";
import { userFields, type UserInfo, userInfo } from "./user-info.ts";

/** What is undefined stays as it is. */
export type UserChange = {
  readonly name?: string | null | undefined;
  readonly full_name?: string | null | undefined;
  readonly orcid?: string | null | undefined;
  readonly role?: Role | undefined;
  readonly disabled?: boolean | undefined;
  readonly passwordHash?: string | undefined;
};

/** Null when there is no such user. A new role, password or state makes all tokens void that were issued before. */
export function updateUser(connection: CommonQueryMethods, id: string, change: UserChange): Promise<UserInfo | null> {
  const { name, full_name, orcid, role, disabled, passwordHash } = change;
  const endsTokens = role !== undefined || disabled !== undefined || passwordHash !== undefined;
  const assignments = [
    sql.fragment`updated_at = now()`,
    ...(name === undefined ? [] : [sql.fragment`name = ${name}`]),
    ...(full_name === undefined ? [] : [sql.fragment`full_name = ${full_name}`]),
    ...(orcid === undefined ? [] : [sql.fragment`orcid = ${orcid}`]),
    ...(role === undefined ? [] : [sql.fragment`role = ${role}`]),
    ...(disabled === undefined
      ? []
      : [sql.fragment`disabled_at = case when ${disabled}::boolean then coalesce(u.disabled_at, now()) end`]),
    ...(passwordHash === undefined ? [] : [sql.fragment`password_hash = ${passwordHash}`]),
    ...(endsTokens ? [sql.fragment`token_version = u.token_version + 1`] : []),
  ];
  return connection.maybeOne(sql.type(userInfo)`
    update kronicle.user_account u
    set ${sql.join(assignments, sql.fragment`, `)}
    where u.id = ${id}::uuid
    returning ${userFields}
  `);
}
