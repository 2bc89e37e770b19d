import { type CommonQueryMethods, sql } from "slonik";
import { userFields, type UserInfo, userInfo } from "./user-info.ts";

export type UserFilter = { readonly email: string | null; readonly name: string | null; readonly orcid: string | null };
export type UserPosition = { readonly created_at: string; readonly id: string };

/** Users that fulfil the filter, in order of creation, after this one. */
export function selectUserPage(
  connection: CommonQueryMethods,
  { email, name, orcid }: UserFilter,
  after: UserPosition | null,
  limit: number,
): Promise<readonly UserInfo[]> {
  const conditions = [
    sql.fragment`true`,
    ...(after ? [sql.fragment`(u.created_at, u.id) > (${after.created_at}::timestamptz, ${after.id}::uuid)`] : []),
    ...(email === null ? [] : [sql.fragment`u.email = ${email}::text`]),
    ...(name === null ? [] : [sql.fragment`u.name = ${name}::text`]),
    ...(orcid === null ? [] : [sql.fragment`u.orcid = ${orcid}::text`]),
  ];
  return connection.any(sql.type(userInfo)`
    select ${userFields}
    from kronicle.user_account u
    where ${sql.join(conditions, sql.fragment` and `)}
    order by u.created_at, u.id
    limit ${limit}::integer
  `);
}
