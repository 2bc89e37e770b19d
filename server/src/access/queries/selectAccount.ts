import { type CommonQueryMethods, sql } from "slonik";
import { z } from "zod";
import { ROLES } from "../role.ts";

const account = z.object({
  id: z.string(),
  email: z.string(),
  name: z.string().nullable(),
  role: z.enum(ROLES),
  password_hash: z.string(),
  token_version: z.int(),
  is_disabled: z.boolean(),
});

export type Account = z.infer<typeof account>;

const accountFields = sql.fragment`
  u.id,
  u.email,
  u.name,
  u.role,
  u.password_hash,
  u.token_version,
  u.disabled_at is not null as is_disabled
`;

/** By id, e-mail or name, of which no two users share one. Null when there is no such user. */
export function selectAccount(
  connection: CommonQueryMethods,
  by: { readonly id: string } | { readonly login: string },
): Promise<Account | null> {
  const condition =
    "id" in by
      ? sql.fragment`u.id = ${by.id}::uuid`
      : by.login.includes("@")
        ? sql.fragment`u.email = ${by.login.toLowerCase()}::text`
        : sql.fragment`u.name = ${by.login}::text`;
  return connection.maybeOne(sql.type(account)`
    select ${accountFields}
    from kronicle.user_account u
    where ${condition}
  `);
}
